import { sql, type RawBuilder } from 'kysely';

/** How a repository that waits in the queue is compared; `backfill` reads the kinds that were never read whole. */
export type QueuedMode = 'incremental' | 'full' | 'backfill';

/**
 * What `repository_sync.wanted_mode` holds for each. The queue's columns (`wanted_at`, `wanted_mode`, `wanted_rounds`,
 * `wanted_after`) and these values are older than the names used here, and stay: processes of the release before go
 * on with them while a database is migrated. The index of the queue has them in this order, which is theirs by alphabet.
 */
export const storedMode: Readonly<Record<QueuedMode, string>> = {
  incremental: 'changes',
  full: 'everything',
  backfill: 'further',
};

/** The mode that a column of stored values means; null where it is null. */
export function queuedMode(column: RawBuilder<unknown>): RawBuilder<QueuedMode | null> {
  return sql`case ${column} when 'changes' then 'incremental' when 'everything' then 'full' when 'further' then 'backfill' end`;
}
