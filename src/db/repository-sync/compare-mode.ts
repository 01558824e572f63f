import { sql, type RawBuilder } from 'kysely';

/**
 * `incremental`: fetch what GitHub shows as new. `full`: read everything, and overwrite rows that differ.
 * `backfill`: read the kinds that were never read in full.
 */
export type CompareMode = 'incremental' | 'full' | 'backfill';

/**
 * The stored value of `repository_sync.wanted_mode` for each mode. The queue's columns (`wanted_at`,
 * `wanted_mode`, `wanted_rounds`, `wanted_after`) and these values are older than the names used here, and
 * stay: processes of the previous release keep using them while a database is migrated. The index of the queue
 * is ordered by these values, alphabetically.
 */
export const storedMode: Readonly<Record<CompareMode, string>> = {
  incremental: 'changes',
  full: 'everything',
  backfill: 'further',
};

/** The mode for a column of stored values; null if it is null. */
export function compareMode(column: RawBuilder<unknown>): RawBuilder<CompareMode | null> {
  return sql`case ${column} when 'changes' then 'incremental' when 'everything' then 'full' when 'further' then 'backfill' end`;
}
