import { sql, type RawBuilder } from 'kysely';
import type { CommitRow, RowCounts } from '../../model.ts';
import { allowLongStatements } from '../long-statement.ts';
import { adjustContributors, type AuthorChange } from '../contributors/adjust-contributors.ts';
import { recountContributors } from '../contributors/recount-contributors.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from '../rows/upsert-rows.ts';

export type StoredCommit = Omit<CommitRow, 'author'> & { author_id: number | null; repository_id: number };

const columns = {
  repository_id: 'bigint',
  sha: 'text',
  message: 'text',
  author_name: 'text',
  author_email: 'text',
  author_id: 'bigint',
  committer_name: 'text',
  committer_email: 'text',
  authored_at: 'timestamptz',
  committed_at: 'timestamptz',
  parents: 'text[]',
} as const;
const key = ['repository_id', 'sha'] as const;
const staged: TableShape<StoredCommit> = { table: 'commits', key, columns };
const live: TableShape<StoredCommit & { orphaned_at: null }> = {
  table: 'commits',
  key,
  columns: { ...columns, orphaned_at: 'timestamptz' },
};

/** A history goes through every commit: of one that PostgreSQL refuses, what others need of it is kept. */
function lesser<Row extends StoredCommit>(row: Row): Row[] {
  const nobody = {
    author_name: null,
    author_email: null,
    author_id: null,
    committer_name: null,
    committer_email: null,
    authored_at: null,
  };
  return [
    { ...row, ...nobody },
    { ...row, message: '' },
    { ...row, ...nobody, message: '', committed_at: null },
  ];
}

/** Writes commits whose place in the history is not proven yet: new ones are not live. */
export async function stageCommits(tx: Sql, rows: readonly StoredCommit[]): Promise<number> {
  return upsertRows(tx, staged, rows, { onInsert: { orphaned_at: sql`now()` }, lesser });
}

/** Writes commits known to be reachable from the head that the same transaction sets. */
export async function addLiveCommits(tx: Sql, rows: readonly StoredCommit[]): Promise<number> {
  return upsertRows(
    tx,
    live,
    rows.map((row) => ({ ...row, orphaned_at: null })),
    { lesser },
  );
}

/** The same on top of a history that is live, whose contributors' shares follow. */
export async function appendLiveCommits(
  tx: Sql,
  repositoryId: number,
  rows: readonly StoredCommit[],
): Promise<number> {
  const shas = rows.map(({ sha }) => sha);
  const before = await liveAuthors(tx, repositoryId, shas);
  const written = await addLiveCommits(tx, rows);
  const after = await liveAuthors(tx, repositoryId, shas);
  const left = before.map(({ author_id, n }) => ({ author_id, n: -n }));
  await adjustContributors(tx, repositoryId, [...left, ...after]);
  return written;
}

/**
 * What `columns` say of these commits, each an index lookup: `sha = any(…)` with some hundred of them is planned as one pass
 * over the whole repository where statistics are old.
 */
function eachOf(repositoryId: number, shas: readonly string[], columns: RawBuilder<unknown>) {
  return sql`unnest(${shas}::text[]) as given(sha) cross join lateral (
    select ${columns} from commits where repository_id = ${repositoryId} and sha = given.sha limit 1) as found`;
}

export async function areLive(tx: Sql, repositoryId: number, shas: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ live: number }>`select count(*) as live
    from ${eachOf(repositoryId, shas, sql`orphaned_at`)} where orphaned_at is null`.execute(tx);
  return rows[0]?.live === shas.length;
}

/** How many of these commits are live, by author. */
async function liveAuthors(tx: Sql, repositoryId: number, shas: readonly string[]): Promise<AuthorChange[]> {
  const { rows } = await sql<AuthorChange>`select author_id, count(*) as n
    from ${eachOf(repositoryId, shas, sql`author_id, orphaned_at`)} where orphaned_at is null group by author_id`.execute(
    tx,
  );
  return rows;
}

/** How many of these commits the table has, live or not. */
export async function countStored(db: Sql, repositoryId: number, shas: readonly string[]): Promise<number> {
  if (shas.length === 0) return 0;
  const { rows } = await sql<{ stored: number }>`select count(*) as stored
    from ${eachOf(repositoryId, shas, sql`1`)}`.execute(db);
  return rows[0]?.stored ?? 0;
}

/** A commit of the history that GitHub does not answer: the table lacks it, and the way continues through its parents. */
export interface CommitGap {
  sha: string;
  parents: string[];
}

/**
 * The commits that `head`'s history needs and the table lacks, the known gaps aside. Live commits are complete down to the roots
 * by the law that `rewriteHistory` keeps, so that the walk stops there.
 */
export async function missingAncestors(
  tx: Sql,
  repositoryId: number,
  head: string,
  trustLive: boolean,
  gaps: readonly CommitGap[] = [],
): Promise<string[]> {
  const result = await sql<{ sha: string }>`
    with recursive reached(sha) as (
      select ${head}::text
      union
      select p.sha from reached
      cross join lateral (${parentsOf(repositoryId, gaps, sql`and (orphaned_at is not null or not ${trustLive}::boolean)`)}
        limit 1) c
      cross join lateral unnest(c.parents) as p(sha)
    )
    select sha from reached
    where not exists (${parentsOf(repositoryId)} offset 0)
      and sha <> all(${gaps.map(({ sha }) => sha)}::text[])`.execute(tx);
  return result.rows.map((row) => row.sha);
}

/**
 * The parents of the commit that `reached.sha` names, stored or a gap. With `limit` or `offset` it stays an index lookup for every row
 * (about 10 µs): a join could be planned as one pass over the whole table for each step, where statistics are old.
 */
function parentsOf(repositoryId: number, gaps: readonly CommitGap[] = [], condition = sql``) {
  const stored = sql`select parents from commits
    where repository_id = ${repositoryId} and sha = reached.sha ${condition}`;
  if (gaps.length === 0) return stored;
  return sql`${stored} union all
    select g.parents from json_to_recordset(${JSON.stringify(gaps)}::json) as g(sha text, parents text[])
    where g.sha = reached.sha`;
}

/** Those of `shas` that a live commit names as its parent. */
export async function namedAsParents(
  tx: Sql,
  repositoryId: number,
  shas: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ sha: string }>`select distinct p.sha
    from commits c cross join lateral unnest(c.parents) as p(sha)
    where c.repository_id = ${repositoryId} and c.orphaned_at is null and p.sha = any(${shas}::text[])`.execute(
    tx,
  );
  return new Set(rows.map(({ sha }) => sha));
}

/** What keeps the live commits from being exactly the history of a head. */
export interface HistoryChange {
  orphaned: string[];
  revived: string[];
}

/** More changes than this are found and written in one transaction, without being carried through this process. */
export const CARRIED_CHANGES = 20_000;

/**
 * Compares the live commits with the history of `head`, which is in the table. Only reads, so that the long walk
 * holds no lock.
 *
 * @param head null for a repository without commits
 * @returns null when there are more changes than can be carried
 */
export async function historyChange(
  tx: Sql,
  repositoryId: number,
  head: string | null,
  gaps: readonly CommitGap[] = [],
): Promise<HistoryChange | null> {
  return allowLongStatements(tx, async () => {
    await tabulateReachable(tx, repositoryId, head, gaps);
    const { rows } = await sql<{ sha: string; live: boolean }>`
      select sha, true as live from commits c
      where repository_id = ${repositoryId} and orphaned_at is null and ${isUnreachable}
      union all
      select c.sha, false from commits c join reachable r on r.sha = c.sha
      where c.repository_id = ${repositoryId} and c.orphaned_at is not null
      limit ${CARRIED_CHANGES + 1}`.execute(tx);
    if (rows.length > CARRIED_CHANGES) return null;
    const shasOf = (live: boolean) => rows.filter((row) => row.live === live).map(({ sha }) => sha);
    return { orphaned: shasOf(true), revived: shasOf(false) };
  });
}

/** An anti join: `not in` is a scan for each row as soon as the set outgrows `work_mem`. */
const isUnreachable = sql`not exists (select 1 from reachable r where r.sha = c.sha)`;

/** Makes the temporary table `reachable`, the history of `head`, for the rest of the transaction. */
async function tabulateReachable(
  tx: Sql,
  repositoryId: number,
  head: string | null,
  gaps: readonly CommitGap[],
): Promise<void> {
  await sql`create temporary table reachable on commit drop as
    with recursive reached(sha) as (
      select ${head}::text where ${head}::text is not null
      union
      select p.sha from reached
      cross join lateral (${parentsOf(repositoryId, gaps)} limit 1) c
      cross join lateral unnest(c.parents) as p(sha)
    ) select sha from reached`.execute(tx);
  await sql`analyze reachable`.execute(tx);
  // Whatever the statistics of `commits` say: two sets of any size are hashed against each other.
  await sql`set local enable_nestloop = off`.execute(tx);
}

/**
 * Makes exactly the history of `head` live, all of it being in the table, and moves `repositories.head_sha`.
 *
 * @param change what `historyChange` found while the lease was held; null: it is found here
 * @param recountAll also the shares of contributors of whom no commit changed
 * @param options.gaps commits of the history that GitHub does not answer
 * @param options.verifiedFrom when a complete comparison began: what had been orphaned before and is live again, and a
 *   head that moves, differed from GitHub as well
 * @returns how many commits were orphaned, and how many contributors' shares differed
 */
export async function rewriteHistory(
  tx: Sql,
  repositoryId: number,
  head: string | null,
  change: HistoryChange | null,
  recountAll: boolean,
  { gaps = [], verifiedFrom = null }: { gaps?: readonly CommitGap[]; verifiedFrom?: string | null } = {},
): Promise<RowCounts & { commits: number; repository_contributors: number }> {
  return allowLongStatements(tx, async () => {
    if (change === null) await tabulateReachable(tx, repositoryId, head, gaps);
    const those = (shas: readonly string[]) =>
      sql`c.ctid = any(array(select at from ${eachOf(repositoryId, shas, sql`ctid as at`)}))`;
    const lost = change === null ? isUnreachable : those(change.orphaned);
    const found = change === null ? sql`sha in (select sha from reachable)` : those(change.revived);
    const returned = verifiedFrom === null ? 0 : await countOlder(tx, repositoryId, found, verifiedFrom);
    const orphaned = await sql<AuthorChange>`
      with changed as (
        update commits c set orphaned_at = now()
        where repository_id = ${repositoryId} and orphaned_at is null and ${lost} returning author_id
      ) select author_id, count(*) as n from changed group by author_id`.execute(tx);
    const revived = await sql<AuthorChange>`
      with changed as (
        update commits c set orphaned_at = null
        where repository_id = ${repositoryId} and orphaned_at is not null and ${found} returning author_id
      ) select author_id, count(*) as n from changed group by author_id`.execute(tx);
    if (change === null) {
      await sql`drop table reachable`.execute(tx);
      await sql`set local enable_nestloop = on`.execute(tx);
    }
    const changes = [...orphaned.rows.map(({ author_id, n }) => ({ author_id, n: -n })), ...revived.rows];
    const shares = recountAll
      ? await recountContributors(tx, repositoryId, null)
      : await adjustContributors(tx, repositoryId, changes);
    const moved = await setHead(tx, repositoryId, head);
    return {
      commits: orphaned.rows.reduce((sum, { n }) => sum + n, 0) + returned,
      repository_contributors: shares,
      ...(verifiedFrom === null ? {} : { repositories: moved }),
    };
  });
}

/** Commits that are about to be live again and were not staged by the comparison itself, which counted those. */
async function countOlder(
  tx: Sql,
  repositoryId: number,
  found: RawBuilder<unknown>,
  before: string,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from commits c
    where repository_id = ${repositoryId} and orphaned_at < ${before}::timestamptz and ${found}`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** @returns 1 where the head was another one, else 0 */
export async function setHead(tx: Sql, repositoryId: number, head: string | null): Promise<number> {
  const result = await sql`update repositories set head_sha = ${head}
    where id = ${repositoryId} and head_sha is distinct from ${head}`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
