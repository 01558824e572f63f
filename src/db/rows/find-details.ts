import { sql } from 'kysely';
import { eachKey } from '../each-key.ts';
import { inTransaction, type Orm, type Sql } from '../orm.ts';

/** A live pull request whose detail can be requested. */
export interface DetailTarget {
  id: number;
  number: number;
  node_id: string;
  updated_at: string;
}

/**
 * A change this shortly before the answer could hide a second one within the same second: the detail stays
 * stale.
 */
export const RECENT_SECONDS = 60;

/**
 * Which details: `old`: of those that changed since they were read, but not shortly before `at`; `recent`: of those
 * that changed shortly before it, or after it; `all`. Sets of one time leave none out between them.
 */
export type DetailSet = { of: 'old' | 'recent'; at: string } | { of: 'all' };

/** Larger than any number. */
const MOST = 2_147_483_647;

/**
 * The newest live pull requests below an id, except those numbers: in the order of an index by number, of which only these are
 * read.
 */
export async function detailTargets(
  orm: Orm,
  repositoryId: number,
  set: DetailSet,
  { below, except, limit }: { below: number | null; except: readonly number[]; limit: number },
): Promise<DetailTarget[]> {
  // Word for word the condition of `pull_requests_stale_detail`.
  const isStale = sql`detail_of is distinct from updated_at and node_id is not null and deleted_at is null`;
  const isInSet =
    set.of === 'all'
      ? sql`node_id is not null and deleted_at is null`
      : sql`${isStale} and updated_at ${set.of === 'recent' ? sql`>=` : sql`<`}
          ${set.at}::timestamptz - make_interval(secs => ${RECENT_SECONDS})`;
  // If its row was deleted here, it starts from the beginning, so that nothing is skipped.
  const from = sql`coalesce((select number from pull_requests where id = ${below}), ${MOST})`;
  const isBelow = below === null ? sql`true` : sql`number < ${from}`;
  return inTransaction(orm, async (tx) => {
    // Without statistics the planner expects hardly any that is not deleted, and would sort all of the repository.
    await sql`set local enable_sort = off`.execute(tx);
    const { rows } = await sql<DetailTarget>`select id, number, node_id, updated_at from pull_requests
      where repository_id = ${repositoryId} and ${isInSet} and ${isBelow} and number <> all(${except}::int[])
      order by number desc limit ${limit}`.execute(tx);
    return rows;
  });
}

/** Those of these numbers that are live here; `stale`: whose detail is not that of their last change. */
export async function detailTargetsByNumber(
  db: Sql,
  repositoryId: number,
  numbers: readonly number[],
): Promise<(DetailTarget & { stale: boolean })[]> {
  const { rows } = await sql<DetailTarget & { stale: boolean }>`
    select id, number, node_id, updated_at, detail_of is distinct from updated_at as stale
    from ${eachKey('pull_requests', ['number', 'int'], numbers, { repositoryId })}
    where deleted_at is null and node_id is not null order by id desc`.execute(db);
  return rows;
}

/** When each of these pull requests was updated, if it is live here. */
export async function liveSince(
  db: Sql,
  repositoryId: number,
  ids: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; updated_at: string }>`
    select id, updated_at from ${eachKey('pull_requests', ['id', 'bigint'], ids)}
    where repository_id = ${repositoryId} and deleted_at is null`.execute(db);
  return new Map(rows.map(({ id, updated_at }) => [id, updated_at]));
}

/** The ids of known review threads, by node id. */
export async function knownThreads(db: Sql, nodeIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{
    id: number;
    node_id: string;
  }>`select id, node_id from pull_request_review_threads
    where node_id = any(${nodeIds}::text[])`.execute(db);
  return new Map(rows.map(({ id, node_id }) => [node_id, id]));
}

/** The threads of comments, as these refer to them: the first comment of a thread may be deleted. */
export async function threadsOfComments(db: Sql, ids: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; thread_id: number }>`
    select id, thread_id from pull_request_review_comments where id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map(({ id, thread_id }) => [id, thread_id]));
}

/** The node ids of live threads in which, with these deleted comments, no comment is left. */
export async function emptyThreads(db: Sql, deletedComments: readonly number[]): Promise<Set<string>> {
  if (deletedComments.length === 0) return new Set();
  const { rows } = await sql<{ node_id: string }>`
    select node_id from pull_request_review_threads t
    where deleted_at is null
      and id in (select thread_id from pull_request_review_comments where id = any(${deletedComments}::bigint[]))
      and not exists (
        select 1 from pull_request_review_comments where thread_id = t.id and deleted_at is null
      )`.execute(db);
  return new Set(rows.map(({ node_id: nodeId }) => nodeId));
}

/** A live row of a pull request's reviews or threads that GitHub's lists lack. */
export interface MissingChild {
  id: number;
  number: number;
  node_id: string;
  pull_request_id: number;
}

/** Live rows of these pull requests that are not among the listed ones. */
export async function missingChildren(
  db: Sql,
  table: 'pull_request_reviews' | 'pull_request_review_threads',
  pullRequestIds: readonly number[],
  listed: readonly number[],
): Promise<MissingChild[]> {
  const nodeId = table === 'pull_request_reviews' ? sql`''` : sql`node_id`;
  const { rows } = await sql<MissingChild>`
    select id, number, ${nodeId} as node_id, pull_request_id
    from ${eachKey(table, ['pull_request_id', 'bigint'], pullRequestIds, { indexed: sql`deleted_at is null` })}
    where id <> all(${listed}::bigint[]) order by id`.execute(db);
  return rows;
}
