import { sql, type RawBuilder } from 'kysely';

/**
 * `incremental`: fetch what GitHub shows as new. `full`: read all, and write over rows that differ. `backfill`: read the
 * kinds that were never read whole.
 */
export type CompareMode = 'incremental' | 'full' | 'backfill';

/**
 * What `repository_sync.wanted_mode` holds for each. The queue's columns (`wanted_at`, `wanted_mode`, `wanted_rounds`,
 * `wanted_after`) and these values are older than the names used here, and stay: processes of the release before go
 * on with them while a database is migrated. The index of the queue has them in this order, which is theirs by alphabet.
 */
export const storedMode: Readonly<Record<CompareMode, string>> = {
  incremental: 'changes',
  full: 'everything',
  backfill: 'further',
};

/** The mode that a column of stored values means; null where it is null. */
export function compareMode(column: RawBuilder<unknown>): RawBuilder<CompareMode | null> {
  return sql`case ${column} when 'changes' then 'incremental' when 'everything' then 'full' when 'further' then 'backfill' end`;
}
