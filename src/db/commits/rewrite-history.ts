import { sql, type RawBuilder } from 'kysely';
import { adjustContributors, type AuthorChange } from '../repository-contributors/adjust-contributors.ts';
import { recountContributors } from '../repository-contributors/recount-contributors.ts';
import type { RowCounts } from '../../model.ts';
import { allowLongStatements } from '../long-statement.ts';
import type { Sql } from '../orm.ts';
import { setHead } from '../repositories/sync-status.ts';
import { addLiveCommits, eachOf, parentsOf, type CommitGap, type StoredCommit } from './write-commits.ts';

/** The difference between the live commits and the history of a head. */
export interface HistoryChange {
  orphaned: string[];
  revived: string[];
}

/** Larger changes are computed where they are written, without passing through this process. */
export const CARRIED_CHANGES = 20_000;

/**
 * Compares the live commits with the history of `head`, which is stored. It only reads, so that the long walk
 * holds no lock.
 *
 * @param head null for a repository without commits
 * @returns null if there are too many changes
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

/** An anti join: `not in` becomes a scan per row as soon as the set outgrows `work_mem`. */
const isUnreachable = sql`not exists (select 1 from reachable r where r.sha = c.sha)`;

/** Creates the temporary table `reachable`, the history of `head`, for the rest of the transaction. */
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
  // Whatever the statistics of `commits` say: this way two sets of any size are hash joined.
  await sql`set local enable_nestloop = off`.execute(tx);
}

/** The result of `writeFirstHistory` or `rewriteHistory`, for `moveHead`. */
export interface Rewrite {
  /** how many commits were orphaned */
  commits: number;
  /** how many contributors' shares differed */
  repository_contributors: number;
  /** by how much the number of live commits changed */
  live: number;
}

/**
 * Writes a whole history if none is live yet. Like `rewriteHistory` it locks nothing that others wait for, and
 * `moveHead` ends the same transaction.
 */
export async function writeFirstHistory(
  tx: Sql,
  repositoryId: number,
  rows: readonly StoredCommit[],
): Promise<Rewrite> {
  return allowLongStatements(tx, async () => {
    await countCommitsLater(tx, true);
    const written = await addLiveCommits(tx, rows);
    await countCommitsLater(tx, false);
    const shares = await recountContributors(tx, repositoryId, null);
    return { commits: written, repository_contributors: shares, live: written };
  });
}

/**
 * Makes exactly the history of `head` live, which must be stored completely. It takes time in proportion to the
 * changes, a minute for a million commits, so it locks only these and the contributors' shares: locks that
 * others wait for are left to `moveHead`, which ends the same transaction.
 *
 * @param change the result of `changeBetween` while the lease was held; null: it is computed here
 * @param recountAll also recounts the shares of contributors without changed commits
 * @param options.gaps commits of the history that GitHub does not answer
 * @param options.verifiedFrom when a full comparison began: commits orphaned before that and live again also
 * differed from GitHub
 */
export async function rewriteHistory(
  tx: Sql,
  repositoryId: number,
  head: string | null,
  change: HistoryChange | null,
  recountAll: boolean,
  { gaps = [], verifiedFrom = null }: { gaps?: readonly CommitGap[]; verifiedFrom?: string | null } = {},
): Promise<Rewrite> {
  return allowLongStatements(tx, async () => {
    if (change === null) await tabulateReachable(tx, repositoryId, head, gaps);
    const those = (shas: readonly string[]) =>
      sql`c.ctid = any(array(select at from ${eachOf(repositoryId, shas, sql`ctid as at`)}))`;
    const isReplaced = change === null ? isUnreachable : those(change.orphaned);
    const found = change === null ? sql`sha in (select sha from reachable)` : those(change.revived);
    const returned = verifiedFrom === null ? 0 : await countOlder(tx, repositoryId, found, verifiedFrom);
    await countCommitsLater(tx, true);
    const orphaned = await sql<AuthorChange>`
      with changed as (
        update commits c set orphaned_at = now()
        where repository_id = ${repositoryId} and orphaned_at is null and ${isReplaced} returning author_id
      ) select author_id, count(*) as n from changed group by author_id`.execute(tx);
    const revived = await sql<AuthorChange>`
      with changed as (
        update commits c set orphaned_at = null
        where repository_id = ${repositoryId} and orphaned_at is not null and ${found} returning author_id
      ) select author_id, count(*) as n from changed group by author_id`.execute(tx);
    await countCommitsLater(tx, false);
    if (change === null) {
      await sql`drop table reachable`.execute(tx);
      await sql`set local enable_nestloop = on`.execute(tx);
    }
    const changes = [...orphaned.rows.map(({ author_id, n }) => ({ author_id, n: -n })), ...revived.rows];
    const shares = recountAll
      ? await recountContributors(tx, repositoryId, null)
      : await adjustContributors(tx, repositoryId, changes);
    return {
      commits: orphaned.rows.reduce((sum, { n }) => sum + n, 0) + returned,
      repository_contributors: shares,
      live: changes.reduce((sum, { n }) => sum + n, 0),
    };
  });
}

/**
 * Ends the transaction of either function: from then on the change of `head` and of the number of live commits
 * is visible.
 *
 * @returns how many rows differed; the repository's own row, whose head may always differ, counts only in full
 * comparisons
 */
export async function moveHead(
  tx: Sql,
  repositoryId: number,
  head: string | null,
  { live, ...rows }: Rewrite,
  isVerified: boolean,
): Promise<RowCounts> {
  if (live !== 0) {
    await sql`insert into repository_totals as t (repository_id, commits) values (${repositoryId}, ${live})
      on conflict (repository_id) do update set commits = t.commits + excluded.commits`.execute(tx);
  }
  const moved = await setHead(tx, repositoryId, head);
  return { ...rows, ...(isVerified ? { repositories: moved } : {}) };
}

/**
 * The triggers of `repository_totals` would keep its row locked until the end, and everybody who writes issues
 * would wait for it (v1-0027, v1-0050).
 */
async function countCommitsLater(tx: Sql, isLater: boolean): Promise<void> {
  await sql`select set_config('github_auto_sync.count_commits', ${isLater ? 'later' : ''}, true)`.execute(tx);
}

/** Commits about to become live again, except those staged by the comparison itself, which counted them. */
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
