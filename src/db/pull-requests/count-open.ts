import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** The open pull requests, and what they are waiting for. */
export interface OpenCounts {
  open: number;
  drafts: number;
  /** not a draft, and nobody but its author (and bots) has reviewed it */
  waiting_for_first_review: number;
  /** since when the first of these has been waiting; null without any */
  longest_waiting_since: string | null;
  unresolved_threads: number;
  /** people and teams whose review is requested */
  open_review_requests: number;
}

/** Open pull requests of live repositories, of one installation or all. */
export async function countOpenPullRequests(
  db: Sql,
  installationId: number | undefined,
): Promise<OpenCounts> {
  const isOpen = sql`p.state = 'open' and p.deleted_at is null and r.removed_at is null
    and ${installationId === undefined ? sql`true` : sql`r.installation_id = ${installationId}`}`;
  const waits = sql`not p.draft and f.pull_request_id is null`;
  const { rows } = await sql<OpenCounts>`
    select count(*) as open, count(*) filter (where p.draft) as drafts,
      count(*) filter (where ${waits}) as waiting_for_first_review,
      min(coalesce(p.ready_for_review_at, p.created_at)) filter (where ${waits}) as longest_waiting_since,
      (
        select count(*) from pull_requests p join repositories r on r.id = p.repository_id
        join pull_request_review_threads t on t.pull_request_id = p.id and t.deleted_at is null and not t.resolved
        where ${isOpen}
      ) as unresolved_threads,
      coalesce(sum(cardinality(p.requested_reviewers) + cardinality(p.requested_teams)), 0)::bigint as open_review_requests
    from pull_requests p join repositories r on r.id = p.repository_id
    left join pull_request_first_reviews f on f.pull_request_id = p.id
    where ${isOpen}`.execute(db);
  const [counts] = rows;
  if (counts === undefined) throw new Error('an aggregate without groups has one row');
  return counts;
}
