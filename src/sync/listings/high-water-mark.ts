/** Replicas lag, and two edits can share a second: later changes are read again next time. */
const OVERLAP_MS = 60_000;

/** From when on a list is read next time. @param date GitHub's time when its reading began */
export function highWaterMark(date: string): string {
  return new Date(Date.parse(date) - OVERLAP_MS).toISOString();
}
