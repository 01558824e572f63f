/** Replicas lag, and two edits can share a second: later changes are read again next time. */
const OVERLAP_MS = 60_000;

/**
 * From when on a list is read next time.
 *
 * @param date GitHub's time when its reading began; a proxy that writes `Date` by a clock that is ahead would hide changes
 */
export function highWaterMark(date: string, now = Date.now()): string {
  return new Date(Math.min(Date.parse(date), now) - OVERLAP_MS).toISOString();
}
