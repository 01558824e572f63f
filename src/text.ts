/** Text as PostgreSQL can hold it: NUL and lone surrogates become U+FFFD (docs/reference.md, "Meanings"). */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

export function storableOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text);
}

/** Sorted by code point and without repeats, as `labels`, `assignees` and `topics` are kept. */
export function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values.map(storable))].sort(byCodePoint);
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
