import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export type RemovedReason = 'deleted' | 'access_lost' | 'uninstalled' | 'transferred';

/**
 * Marks repositories as removed from this installation, except those that have meanwhile moved to another one.
 *
 * @returns how many were live until now
 */
export async function markRemoved(
  tx: Sql,
  installationId: number | null,
  ids: readonly number[],
  reason: RemovedReason,
): Promise<number> {
  const result = await sql`update repositories
    set removed_at = now(), removed_reason = ${reason}
    where id = any(${ids}::bigint[]) and removed_at is null
      and installation_id is not distinct from ${installationId}`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/** The same for all that still belong to an installation. */
export async function markUninstalled(tx: Sql, installationId: number): Promise<void> {
  await sql`update repositories set removed_at = now(), removed_reason = 'uninstalled'
    where installation_id = ${installationId} and removed_at is null`.execute(tx);
}

/** GitHub may first revoke access to a repository, and report its deletion later. */
export async function recordDeletion(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repositories set removed_reason = 'deleted'
    where id = ${repositoryId} and removed_reason = 'access_lost'`.execute(tx);
}
