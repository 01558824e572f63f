import type { RowKey } from '../../db/rows/entity-rows.ts';
import type { CountedRow } from '../../entities/index.ts';
import { announce, announceTime, type Announcements } from '../announcements.ts';
import type { PayloadVersion, Stored } from './merge-payloads.ts';
import type { CountedDeliveries } from './plan-deliveries.ts';

export interface MergedDeletions {
  marked: CountedDeliveries['deleted'];
  /** rows that are marked and were never here */
  unknown: CountedRow[];
  /** what payloads show of the others */
  others: PayloadVersion<CountedRow>[];
  /** what must be requested, by number */
  ask: Announcements<CountedRow>;
}

/**
 * Objects that GitHub says it no longer has: they are marked, unless something newer is known. A late deletion
 * may concern an object that is back, so then GitHub is asked.
 */
export function mergeDeletions(
  { shown, deleted }: CountedDeliveries,
  known: ReadonlyMap<RowKey, Stored<CountedRow>>,
): MergedDeletions {
  const ask: Announcements<CountedRow> = new Map();
  const deletedAt = new Map<number, number>();
  for (const { row } of deleted) {
    deletedAt.set(row.id, Math.max(Date.parse(row.updated_at), deletedAt.get(row.id) ?? 0));
  }
  const isLate = (row: CountedRow) => {
    const stored = known.get(row.id);
    if (stored === undefined || stored.deleted) return false;
    return Date.parse(stored.row.updated_at) > (deletedAt.get(row.id) ?? 0);
  };
  for (const { row, reason, guid } of deleted.filter((one) => isLate(one.row))) {
    announce(ask, row.number, guid).deleted = reason;
  }
  const marked = deleted.filter(({ row }) => !isLate(row));
  const markedIds = new Set(marked.map(({ row }) => row.id));
  const others = shown.filter(({ row }) => !markedIds.has(row.id));
  for (const { row, guid } of shown.filter((one) => markedIds.has(one.row.id))) {
    if (Date.parse(row.updated_at) <= (deletedAt.get(row.id) ?? 0)) continue;
    const announcement = announce(ask, row.number, guid);
    announceTime(announcement, row.updated_at);
    announcement.marked = true;
  }
  const unknown = [...new Map(marked.map(({ row }) => [row.id, row])).values()].filter(
    ({ id }) => !known.has(id),
  );
  return { marked, unknown, others, ask };
}
