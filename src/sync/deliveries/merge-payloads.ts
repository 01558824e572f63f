import { isAhead } from '../ahead.ts';
import { announce, announceTime, isSame, type Announcements } from '../announcements.ts';

/** An issue or pull request as a delivery's payload shows it. */
export interface PayloadVersion<Row> {
  guid: string;
  row: Row;
  /** its figures may be those from before what the delivery tells of (a comment's count) */
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
  /** rows to be written at once: newer than what is stored */
  write: Row[];
  /** what has to be asked for, since the payloads do not decide, by number */
  ask: Announcements<Row>;
  /** the deliveries that wait for those answers */
  waiting: Set<string>;
}

/**
 * Works out what payloads tell, in whatever order they came and however often. A newer `updated_at` wins; an
 * older one is a late delivery and says nothing. Two states of the same second cannot be told apart, one that is
 * unknown here although everything of its time was read may be gone since, and one that is marked as deleted may be
 * back: all three are asked for, and no payload alone brings a marked row back.
 *
 * @param through everything updated before is in the rows, or null when nothing was read yet
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
    const isUndated = known !== undefined && isAhead(known.row.updated_at);
    if (known?.deleted) {
      // An older state is from before it was deleted.
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
    // The last one that came, among those of the newest second.
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
