import type { RowCounts } from '../../model.ts';
import type { Sql } from '../orm.ts';

const cascaded = new WeakMap<Sql, Map<string, number>>();

/**
 * Records rows that a transaction changed because of another row: children of a deleted row, or rows that
 * referred to it.
 */
export function recordCascaded(tx: Sql, table: string, rows: bigint | undefined): void {
  const changed = Number(rows ?? 0);
  if (changed === 0) return;
  const counts = cascaded.get(tx) ?? new Map<string, number>();
  counts.set(table, (counts.get(table) ?? 0) + changed);
  cascaded.set(tx, counts);
}

/** These counts plus, per table, the rows that the transaction changed because of other ones. */
export function withCascaded(tx: Sql, counts: RowCounts): RowCounts {
  const sums = { ...counts };
  for (const [table, changed] of cascaded.get(tx) ?? []) sums[table] = (sums[table] ?? 0) + changed;
  return sums;
}
