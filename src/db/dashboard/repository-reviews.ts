import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

interface WaitingReview {
  number: number;
  title: string;
  author_login: string | null;
  requested_reviewers: string[];
  requested_teams: string[];
  waiting_since: string;
}

interface UnresolvedThread {
  id: number;
  number: number;
  path: string;
  author_login: string | null;
  /** the first line of its first comment */
  comment: string | null;
  comments: number;
  created_at: string | null;
}

interface ShownRelease {
  id: number;
  tag_name: string;
  name: string | null;
  prerelease: boolean;
  author_login: string | null;
  published_at: string | null;
  assets: number;
}

/** What a repository is waiting for, and what it released, `limit` of each. */
export interface RepositoryReviews {
  reviews_waiting: WaitingReview[];
  unresolved_threads: UnresolvedThread[];
  releases: ShownRelease[];
}

export async function readRepositoryReviews(db: Sql, id: number, limit: number): Promise<RepositoryReviews> {
  const [waiting, threads, releases] = await Promise.all([
    sql<WaitingReview>`
      select number, left(title, 300) as title, author_login, requested_reviewers, requested_teams,
        coalesce(ready_for_review_at, created_at) as waiting_since
      from pull_requests
      where repository_id = ${id} and deleted_at is null and state = 'open' and not draft
        and cardinality(requested_reviewers) + cardinality(requested_teams) > 0
      order by coalesce(ready_for_review_at, created_at), number limit ${limit}`.execute(db),
    sql<UnresolvedThread>`
      select t.id, t.number, t.path, c.author_login, left(split_part(c.body, E'\n', 1), 300) as comment, c.created_at,
        (select count(*) filter (where k.deleted_at is null) from pull_request_review_comments k where k.thread_id = t.id) as comments
      from (
        select t.id, t.number, t.path, p.state = 'open' as is_open
        from pull_request_review_threads t
        join pull_requests p on p.id = t.pull_request_id and p.deleted_at is null
        where t.repository_id = ${id} and t.deleted_at is null and not t.resolved
        order by p.state = 'open' desc, t.id desc limit ${limit}
      ) t
      -- The first that is still there: a thread keeps its id when the comment that began it is deleted. As a condition
      -- that would bring in an index of all comments.
      left join lateral (
        select author_login, body, created_at, deleted_at from pull_request_review_comments
        where thread_id = t.id order by deleted_at nulls first, id limit 1
      ) c on c.deleted_at is null
      order by t.is_open desc, t.id desc`.execute(db),
    sql<ShownRelease>`
      select r.id, r.tag_name, r.name, r.prerelease, r.author_login, r.published_at,
        (select count(*) from release_assets a where a.release_id = r.id and a.deleted_at is null) as assets
      from releases r where r.repository_id = ${id} and r.deleted_at is null
      order by r.published_at desc nulls last, r.id desc limit ${limit}`.execute(db),
  ]);
  return { reviews_waiting: waiting.rows, unresolved_threads: threads.rows, releases: releases.rows };
}
