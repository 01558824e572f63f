import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import { CORRECTED_AT_ONCE } from '../times-ahead.ts';

/** The state of mirroring as readers see it: `sync_status`, `sync_error`, `last_synced_at`. */

/** Why a repository is not fresh, as a code from the error table and a sentence. */
export interface SyncFailure {
  code: string;
  message: string;
}

const shown = ({ code, message }: SyncFailure): string => `${code}: ${message}`;

export async function setSyncing(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repositories set sync_status = 'syncing'
    where id = ${repositoryId} and sync_status not in ('syncing', 'paused')`.execute(tx);
}

/** Like `setSyncing`, as a part of a statement about these repositories. `ids` selects `repository_id`. */
export function syncing(ids: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`update repositories r set sync_status = 'syncing' from (
      -- in the order in which everybody locks them
      select id from repositories where id in (${ids}) order by id for no key update) locked
    where r.id = locked.id and r.sync_status not in ('syncing', 'paused')`;
}

/**
 * The state at the end of a comparison. A repository whose installation was suspended meanwhile stays paused: only so
 * is it compared again when the suspension ends, because nothing tells what was missed.
 */
function unlessPaused(status: 'fresh' | 'error'): RawBuilder<unknown> {
  return sql`case when sync_status = 'paused' then sync_status else ${status} end`;
}

/** A comparison has ended. @param error what of the repository is unavailable, or null */
export async function setCompared(tx: Sql, repositoryId: number, error: SyncFailure | null): Promise<void> {
  await sql`update repositories set last_synced_at = clock_timestamp(),
      sync_error = ${error === null ? null : shown(error)},
      sync_status = ${unlessPaused(error === null ? 'fresh' : 'error')}
    where id = ${repositoryId} and removed_at is null`.execute(tx);
}

/** What GitHub shows of a repository differs from its row, or could not be read. */
export async function setFailed(tx: Sql, repositoryId: number, error: SyncFailure): Promise<void> {
  await sql`update repositories set sync_status = 'error', sync_error = ${shown(error)}
    where id = ${repositoryId} and removed_at is null and sync_status <> 'paused'`.execute(tx);
}

/** Repositories of which GitHub shows nothing new: nothing was left to fetch. */
export async function markUnchanged(tx: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update repositories set last_synced_at = clock_timestamp()
    where id = any(${ids}::bigint[]) and removed_at is null`.execute(tx);
}

/** Comparisons that were recorded ahead of the clock, some of them, were made now. @returns how many */
export async function correctComparedTimes(db: Sql): Promise<number> {
  const { numAffectedRows } = await sql`update repositories r set last_synced_at = now() from (
      -- in the order in which everybody locks them
      select id from repositories where last_synced_at > now() order by id limit ${CORRECTED_AT_ONCE}
      for no key update) locked
    where r.id = locked.id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** The values that a first comparison leaves in a repository's row. */
export interface FirstState {
  id: number;
  head_sha: string;
  /** the number of open rows of all counted kinds; null if GitHub's number is kept */
  open: number | null;
}

/** The first comparisons of several repositories have ended, with nothing left to fetch. */
export async function setFirstCompared(tx: Sql, done: readonly FirstState[]): Promise<void> {
  const rows = done.map(({ id, head_sha, open }) => ({ id, head_sha, open }));
  await sql`update repositories t set head_sha = r.head_sha, open_issues_count = coalesce(r.open, t.open_issues_count),
      last_synced_at = clock_timestamp(), sync_error = null, sync_status = ${unlessPaused('fresh')}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id bigint, head_sha text, open int)
    where t.id = r.id and t.removed_at is null`.execute(tx);
}

/** Repositories are paused during a suspension of their installation, and pending again when it ends. */
export async function pauseWithInstallations(tx: Sql, installationIds: readonly number[]): Promise<void> {
  const lockedWhere = (condition: RawBuilder<unknown>) => sql`(
    -- in the order in which everybody locks them
    select r.id from repositories r join installations i on i.id = r.installation_id
    where i.id = any(${installationIds}::bigint[]) and ${condition} order by r.id for no key update of r) locked`;
  await sql`update repositories r set sync_status = 'paused'
    from ${lockedWhere(sql`i.suspended_at is not null and r.removed_at is null and r.sync_status <> 'paused'`)}
    where r.id = locked.id`.execute(tx);
  // After a suspension it is unknown what was missed: all are pending again.
  await sql`update repositories r set sync_status = 'pending'
    from ${lockedWhere(sql`i.suspended_at is null and r.sync_status = 'paused'`)} where r.id = locked.id`.execute(
    tx,
  );
}

/**
 * Repositories that came to an installation which is not suspended, from one that was: with it they are pending, not
 * paused. Callers have locked them.
 */
export async function resumeMoved(tx: Sql, ids: readonly number[]): Promise<void> {
  await sql`update repositories r set sync_status = 'pending' from installations i
    where r.id = any(${ids}::bigint[]) and r.sync_status = 'paused' and r.removed_at is null
      and i.id = r.installation_id and i.suspended_at is null`.execute(tx);
}

/** @returns 1 if the head differed, else 0 */
export async function setHead(tx: Sql, repositoryId: number, head: string | null): Promise<number> {
  const result = await sql`update repositories set head_sha = ${head}
    where id = ${repositoryId} and head_sha is distinct from ${head}`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
