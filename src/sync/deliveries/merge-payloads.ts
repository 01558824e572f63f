import { isInFuture } from '../../time.ts';
import { announce, announceTime, isSame, type Announcements } from '../announcements.ts';

/** An issue or pull request as a delivery's payload shows it. */
export interface PayloadVersion<Row> {
  guid: string;
  row: Row;
  /** its counts may be from before the change that the delivery reports (a comment's count) */
  approximate?: boolean;
}

interface Versioned {
  id: number;
  number: number;
  updated_at: string;
}

export interface Stored<Row> {
  row: Row;
  deleted: boolean;
}

export interface MergedPayloads<Row> {
  /** rows to be written at once: newer than the stored ones */
  write: Row[];
  /** what must be requested because the payloads do not decide it, by number */
  ask: Announcements<Row>;
  /** the deliveries that wait for those answers */
  waiting: Set<string>;
}

/**
 * Merges payloads, in any order and with any repetition. A newer `updated_at` wins; an older one is a late
 * delivery and says nothing. GitHub is asked in three cases: two states of the same second cannot be ordered;
 * an object that is unknown although everything of its time was read may have been deleted since; and an object
 * marked as deleted may be back. A payload alone never revives a marked row.
 *
 * @param through everything updated before this is in the rows; null if nothing was read yet
 */
export function mergePayloads<Row extends Versioned>(
  candidates: readonly PayloadVersion<Row>[],
  stored: ReadonlyMap<number | string, Stored<Row>>,
  through: string | null,
): MergedPayloads<Row> {
  const merged: MergedPayloads<Row> = { write: [], ask: new Map(), waiting: new Set() };
  const byId = Map.groupBy(candidates, ({ row }) => row.id);
  for (const [id, ofOne] of byId) {
    const known = stored.get(id);
    const isUndated = known !== undefined && isInFuture(known.row.updated_at);
    if (known?.deleted) {
      // An older state is from before the deletion.
      if (isUndated || ofOne.some(({ row }) => ageOf(row, known.row) >= 0)) ask(merged, ofOne, known);
      continue;
    }
    let newest = isUndated ? undefined : known?.row;
    let ambiguous = isUndated;
    for (const { row } of ofOne) {
      const age = newest === undefined ? 1 : ageOf(row, newest);
      if (age > 0) {
        newest = row;
        ambiguous = isUndated || (known === undefined && isBefore(row.updated_at, through));
      } else if (age === 0 && newest !== undefined && !isSame(row, newest)) {
        ambiguous = true;
      }
    }
    if (newest === undefined) continue;
    if (ambiguous) {
      ask(merged, ofOne, known);
      if (known === undefined && isBefore(newest.updated_at, through)) continue;
    }
    if (newest !== known?.row) merged.write.push(newest);
  }
  return merged;
}

function ask<Row extends Versioned>(
  merged: MergedPayloads<Row>,
  ofOne: readonly PayloadVersion<Row>[],
  known: Stored<Row> | undefined,
): void {
  for (const { guid, row, approximate } of ofOne) {
    const announcement = announce(merged.ask, row.number, guid);
    merged.waiting.add(guid);
    announceTime(announcement, row.updated_at);
    announcement.stored = known?.row ?? null;
    announcement.marked = known?.deleted ?? false;
    // The last to arrive, among those of the newest second.
    if (announcement.updated_at === row.updated_at && approximate !== true) announcement.shown = row;
    else if (announcement.shown?.updated_at !== announcement.updated_at) announcement.shown = null;
  }
}

function ageOf(row: Versioned, other: Versioned): number {
  return Date.parse(row.updated_at) - Date.parse(other.updated_at);
}

function isBefore(time: string, through: string | null): boolean {
  return through !== null && Date.parse(time) < Date.parse(through);
}
