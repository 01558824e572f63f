import { sql, type RawBuilder } from 'kysely';
import type { RepositoryRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { isMirroredInstallation } from '../repositories/repository-access.ts';
import { markRemoved, markUninstalled, type RemovedReason } from '../repositories/mark-removed.ts';
import { resumeMoved } from '../repositories/sync-status.ts';
import {
  repositoryColumns,
  upsertRepositories,
  type LiveRepository,
} from '../repositories/upsert-repositories.ts';
import { withHealed } from './add-drift.ts';
import { lockedInOrder } from './lock-in-order.ts';

/**
 * Writes repositories that GitHub shows to this installation now: they belong to it and are live, whatever was
 * known before. Damaged rows are counted as drift.
 *
 * @param force overwrites even newer rows; otherwise a stale replica's answer changes nothing
 * @param askedAt when the list was requested, by the database's clock: a repository that was removed or moved
 * to another installation since then stays where it is, and one that was uninstalled since then gets none
 */
export async function writeRepositories(
  tx: Sql,
  installationId: number,
  rows: readonly RepositoryRow[],
  force = false,
  askedAt: string | null = null,
): Promise<number> {
  if (askedAt !== null && !(await isMirroredInstallation(tx, installationId))) return 0;
  // In the order that every transaction uses for several of them.
  const sorted = rows.toSorted((a, b) => a.id - b.id);
  const live = sorted.map((row) => ({
    ...row,
    installation_id: installationId,
    removed_at: null,
    removed_reason: null,
  }));
  await countDrift(tx, live, force);
  const written = await upsertRepositories(tx, live, { force, askedAt });
  if (written > 0)
    await resumeMoved(
      tx,
      live.map(({ id }) => id),
    );
  return written;
}

/**
 * Columns that GitHub changes without changing the repository's timestamp: a difference in these is not drift.
 */
const unclocked = new Set(['language', 'stargazers_count', 'forks_count', 'open_issues_count', 'pushed_at']);
const clocked = repositoryColumns.filter(([name]) => !unclocked.has(name));

/**
 * Rows that differ from GitHub although they have its timestamp were damaged here: if a full comparison is
 * queued for them, it counts them as repaired.
 */
async function countDrift(tx: Sql, rows: readonly LiveRepository[], force: boolean): Promise<void> {
  const listOf = (table: string) => sql.join(clocked.map(([name]) => sql.ref(`${table}.${name}`)));
  const types = sql.join(clocked.map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`));
  const damaged = lockedInOrder(sql`json_to_recordset(${JSON.stringify(rows)}::json) as r(${types})
    join repositories t on t.id = r.id join repository_sync s on s.repository_id = t.id
    where s.wanted_mode = 'everything' and t.last_synced_at is not null
      and t.removed_at is null and (t.updated_at = r.updated_at or ${force}::boolean and t.updated_at > r.updated_at)
      and (${listOf('t')}) is distinct from (${listOf('r')})`);
  await sql`update repository_sync s set walks = ${withHealed(sql`'{"repositories":1}'::jsonb`)}
    from ${damaged} damaged where s.repository_id = damaged.repository_id`.execute(tx);
}

/**
 * Marks repositories as removed from this installation, except those that have meanwhile moved to another one.
 * They are removed from the queue. In a transaction, which waits for the rounds that write them.
 *
 * @returns how many were live until now
 */
export async function markRepositoriesRemoved(
  tx: Sql,
  installationId: number | null,
  ids: readonly number[],
  reason: RemovedReason,
): Promise<number> {
  if (ids.length === 0) return 0;
  await lock(tx, sql`s.repository_id = any(${ids}::bigint[])`);
  const marked = await markRemoved(tx, installationId, ids, reason);
  await sql`update repository_sync s set wanted_at = null, wanted_mode = null
    from repositories r where r.id = s.repository_id and s.repository_id = any(${ids}::bigint[])
      and r.removed_at is not null`.execute(tx);
  return marked;
}

/** Makes a transaction wait for the rounds that write these repositories. */
async function lock(tx: Sql, which: RawBuilder<unknown>): Promise<void> {
  await sql`select 1 from ${lockedInOrder(sql`repository_sync s where ${which}`)} locked`.execute(tx);
}

/** The same for all that still belong to an installation that was uninstalled. */
export async function markRepositoriesUninstalled(tx: Sql, installationId: number): Promise<void> {
  await lock(
    tx,
    sql`s.repository_id in (select id from repositories where installation_id = ${installationId})`,
  );
  await markUninstalled(tx, installationId);
  await sql`update repository_sync s set wanted_at = null, wanted_mode = null
    from repositories r where r.id = s.repository_id and r.installation_id = ${installationId}
      and s.wanted_at is not null`.execute(tx);
}
