/** The earlier of two times from which lists are read (ISO 8601, UTC); null: from the beginning. */
export function earlierStart(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return a < b ? a : b;
}
