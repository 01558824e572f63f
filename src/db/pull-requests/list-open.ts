import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import { pageOf } from '../page-of.ts';

/** An open pull request with the state of its review; figures as in the view `pull_request_metrics`. */
export interface OpenPullRequest {
  id: number;
  repository_id: number;
  full_name: string;
  number: number;
  title: string;
  draft: boolean;
  author_login: string | null;
  labels: string[];
  assignees: string[];
  base_ref: string;
  requested_reviewers: string[];
  requested_teams: string[];
  created_at: string;
  updated_at: string;
  /** when it became ready for review, else when it was opened */
  waiting_since: string;
  first_review_at: string | null;
  first_approval_at: string | null;
  reviews: number;
  comments: number;
  unresolved_threads: number;
  size: number | null;
}

/** Its sort key, ascending, and its id. */
type Place = [place: number, id: number];

/**
 * Longest waiting first; most recently opened for review first; most lines first; most unresolved threads
 * first.
 */
export const pullRequestSorts = ['waiting', 'newest', 'size', 'unresolved'] as const;
type PullRequestSort = (typeof pullRequestSorts)[number];

export interface OpenPullRequestFilter {
  limit: number;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
  draft?: boolean | undefined;
  /** what it is waiting for: a first review by another person, or the resolution of its review threads */
  waitingFor?: 'first_review' | 'resolution' | undefined;
  sort: PullRequestSort;
  after?: Place | undefined;
}

const waitingSince = sql`coalesce(p.ready_for_review_at, p.created_at)`;
const waitingMicros = sql`(extract(epoch from ${waitingSince}) * 1000000)::bigint`;

/** In ascending order; one whose lines are not known yet comes last. */
const places: Record<PullRequestSort, RawBuilder<unknown>> = {
  waiting: waitingMicros,
  newest: sql`-${waitingMicros}`,
  size: sql`coalesce(-(p.additions + p.deletions)::bigint, 1)`,
  unresolved: sql`-(select count(*) from pull_request_review_threads t
    where t.pull_request_id = p.id and t.deleted_at is null and not t.resolved)`,
};

/** Open pull requests of live repositories. */
export async function listOpenPullRequests(
  db: Sql,
  filter: OpenPullRequestFilter,
): Promise<{ pull_requests: OpenPullRequest[]; next: Place | null }> {
  const place = places[filter.sort];
  const { rows } = await sql<OpenPullRequest & { place: number }>`
    with page as materialized (
      select p.id, r.full_name, ${waitingSince} as waiting_since, ${place} as place
      from pull_requests p join repositories r on r.id = p.repository_id
      where p.state = 'open' and p.deleted_at is null and r.removed_at is null
        and ${sql.join(conditionsOf(filter), sql` and `)}
      order by ${place}, p.id limit ${filter.limit + 1}
    )
    select p.id, p.repository_id, page.full_name, p.number, left(p.title, 300) as title, p.draft, p.author_login,
      p.labels, p.assignees, p.base_ref, p.requested_reviewers, p.requested_teams, p.created_at, p.updated_at,
      page.waiting_since, m.first_review_at, m.first_approval_at, m.reviews, m.comments, m.unresolved_threads, m.size,
      page.place
    from page join pull_requests p on p.id = page.id
    cross join lateral (select * from pull_request_metrics where pull_request_id = page.id) m
    order by page.place, p.id`.execute(db);
  const { page, next } = pageOf(rows, filter.limit, (last): Place => [last.place, last.id]);
  return { pull_requests: page.map(({ place: _place, ...pull }) => pull), next };
}

function conditionsOf(filter: OpenPullRequestFilter): RawBuilder<unknown>[] {
  const { installationId, repositoryId, draft, waitingFor, sort, after } = filter;
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (installationId !== undefined) conditions.push(sql`r.installation_id = ${installationId}`);
  if (repositoryId !== undefined) conditions.push(sql`p.repository_id = ${repositoryId}`);
  if (draft !== undefined) conditions.push(sql`p.draft = ${draft}`);
  if (waitingFor === 'first_review') conditions.push(sql`not p.draft and ${lacksFirstReview}`);
  if (waitingFor === 'resolution') conditions.push(hasUnresolvedThread);
  if (after !== undefined) {
    conditions.push(sql`(${places[sort]}, p.id) > (${after[0]}::bigint, ${after[1]}::bigint)`);
  }
  return conditions;
}

/** Nobody but its author has reviewed the pull request `p` or commented in its conversation. */
const lacksFirstReview = sql`not exists (
  select 1 from pull_request_first_reviews f where f.pull_request_id = p.id)`;

const hasUnresolvedThread = sql`exists (
  select 1 from pull_request_review_threads t
  where t.pull_request_id = p.id and t.deleted_at is null and not t.resolved)`;
