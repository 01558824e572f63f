import { sql, type RawBuilder } from 'kysely';
import type { CommitRow } from '../../model.ts';
import { adjustContributors, type AuthorChange } from '../repository-contributors/adjust-contributors.ts';
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
/** Descriptions of commits lack this column: what is written is live. */
const live: TableShape<StoredCommit & { orphaned_at?: null }> = {
  table: 'commits',
  key,
  columns: { ...columns, orphaned_at: 'timestamptz' },
};

/** A history needs every commit: if PostgreSQL rejects one, the part that others need is kept. */
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
  return upsertRows(tx, live, rows, { lesser });
}

/** The same on top of a live history, whose contributors' shares are adjusted. */
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
 * `columns` of these commits, each by index lookup: with old statistics, `sha = any(…)` with some hundred of
 * them is planned as a scan of the whole repository.
 */
export function eachOf(repositoryId: number, shas: readonly string[], columns: RawBuilder<unknown>) {
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

/** How many of these commits are stored, live or not. */
export async function countStored(db: Sql, repositoryId: number, shas: readonly string[]): Promise<number> {
  if (shas.length === 0) return 0;
  const { rows } = await sql<{ stored: number }>`select count(*) as stored
    from ${eachOf(repositoryId, shas, sql`1`)}`.execute(db);
  return rows[0]?.stored ?? 0;
}

/**
 * A commit of the history that GitHub does not answer: it is not stored, and the history continues through its
 * parents.
 */
export interface CommitGap {
  sha: string;
  parents: string[];
}

/**
 * The commits that `head`'s history needs and that are not stored, except known gaps. Live commits are complete
 * down to the roots, by the invariant that `rewriteHistory` keeps, so the walk stops there.
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
 * The parents of the commit in `reached.sha`, stored or a gap. With `limit` or `offset` it stays an index
 * lookup per row (about 10 µs): with old statistics a join could be planned as a table scan for each step.
 */
export function parentsOf(repositoryId: number, gaps: readonly CommitGap[] = [], condition = sql``) {
  const stored = sql`select parents from commits
    where repository_id = ${repositoryId} and sha = reached.sha ${condition}`;
  if (gaps.length === 0) return stored;
  return sql`${stored} union all
    select g.parents from json_to_recordset(${JSON.stringify(gaps)}::json) as g(sha text, parents text[])
    where g.sha = reached.sha`;
}

/** Those of `shas` that are a parent of a live commit. */
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

/** Reassigns one contributor's rows to another: they are the same person. */
export async function reassignCommits(tx: Sql, fromAuthorId: number, toAuthorId: number): Promise<void> {
  await sql`update commits set author_id = ${toAuthorId} where author_id = ${fromAuthorId}`.execute(tx);
}
