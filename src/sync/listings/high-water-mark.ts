/** Replicas lag and a second has room for two edits: what changed later is read again next time. */
const OVERLAP_MS = 60_000;

/** What a list is read from next time. @param date GitHub's clock when its reading began */
export function highWaterMark(date: string): string {
  return new Date(Date.parse(date) - OVERLAP_MS).toISOString();
}
