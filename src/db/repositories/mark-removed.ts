import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export type RemovedReason = 'deleted' | 'access_lost' | 'uninstalled' | 'transferred';

/**
 * Marks repositories as gone from this installation; those that another one has meanwhile are not its own.
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

/** The same of all that are still an installation's own. */
export async function markUninstalled(tx: Sql, installationId: number): Promise<void> {
  await sql`update repositories set removed_at = now(), removed_reason = 'uninstalled'
    where installation_id = ${installationId} and removed_at is null`.execute(tx);
}

/** GitHub may take the access to a repository away first, and say afterwards that it was deleted. */
export async function recordDeletion(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repositories set removed_reason = 'deleted'
    where id = ${repositoryId} and removed_reason = 'access_lost'`.execute(tx);
}
