import { sql } from 'kysely';
import type { CommitRow } from '../../model.ts';
import { recountContributors } from './recount-contributors.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from './upsert-rows.ts';

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

/** Writes commits whose place in the history is not settled yet: new ones are not live. */
export async function stageCommits(tx: Sql, rows: readonly StoredCommit[]): Promise<number> {
  return upsertRows(tx, staged, rows, { onInsert: { orphaned_at: sql`now()` } });
}

/** Writes commits known to be reachable from the head that the same transaction sets. */
export async function addLiveCommits(tx: Sql, rows: readonly StoredCommit[]): Promise<number> {
  return upsertRows(
    tx,
    live,
    rows.map((row) => ({ ...row, orphaned_at: null })),
  );
}

export async function areLive(tx: Sql, repositoryId: number, shas: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ live: number }>`select count(*) as live from commits
    where repository_id = ${repositoryId} and sha = any(${shas}::text[]) and orphaned_at is null`.execute(tx);
  return rows[0]?.live === shas.length;
}

/**
 * The commits that `head`'s history needs and the table lacks. Live commits are complete down to the roots
 * by the law that `advanceHead` keeps, so that the walk stops there.
 */
export async function missingAncestors(
  tx: Sql,
  repositoryId: number,
  head: string,
  trustLive: boolean,
): Promise<string[]> {
  const result = await sql<{ sha: string }>`
    with recursive reached(sha) as (
      select ${head}::text
      union
      select p.sha from reached
      join commits c on c.repository_id = ${repositoryId} and c.sha = reached.sha
        and (c.orphaned_at is not null or not ${trustLive}::boolean)
      cross join lateral unnest(c.parents) as p(sha)
    )
    select sha from reached
    where not exists (select 1 from commits c where c.repository_id = ${repositoryId} and c.sha = reached.sha)`.execute(
    tx,
  );
  return result.rows.map((row) => row.sha);
}

/**
 * Makes exactly the history of `head` live, all of it being in the table, and moves `repositories.head_sha`.
 *
 * @returns how many commits were orphaned, and how many contributors' shares differed
 */
export async function rewriteHistory(
  tx: Sql,
  repositoryId: number,
  head: string | null,
): Promise<{ commits: number; repository_contributors: number }> {
  // A row of its own for every step of the history: an index lookup each, about 10 µs.
  await sql`create temporary table reachable on commit drop as
    with recursive reached(sha) as (
      select ${head}::text where ${head}::text is not null
      union
      select p.sha from reached
      join commits c on c.repository_id = ${repositoryId} and c.sha = reached.sha
      cross join lateral unnest(c.parents) as p(sha)
    ) select sha from reached`.execute(tx);
  await sql`analyze reachable`.execute(tx);
  const orphaned = await sql`update commits set orphaned_at = now()
    where repository_id = ${repositoryId} and orphaned_at is null
      and sha not in (select sha from reachable)`.execute(tx);
  await sql`update commits set orphaned_at = null
    where repository_id = ${repositoryId} and orphaned_at is not null
      and sha in (select sha from reachable)`.execute(tx);
  await sql`drop table reachable`.execute(tx);
  const shares = await recountContributors(tx, repositoryId, null);
  await setHead(tx, repositoryId, head);
  return { commits: Number(orphaned.numAffectedRows ?? 0), repository_contributors: shares };
}

export async function setHead(tx: Sql, repositoryId: number, head: string | null): Promise<void> {
  await sql`update repositories set head_sha = ${head}
    where id = ${repositoryId} and head_sha is distinct from ${head}`.execute(tx);
}
