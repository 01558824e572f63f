/** Text that PostgreSQL can store: NUL and lone surrogates become U+FFFD (docs/reference.md, "Meanings"). */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

export function storableOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : storable(text);
}

/** A count with its noun: `1 repository`, `12 repositories`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Sorted by code point without duplicates, as `labels`, `assignees` and `topics` are stored. */
export function sortedSet(values: readonly string[]): string[] {
  return [...new Set(values.map(storable))].sort(byCodePoint);
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

const replacement = String.raw`\ufffd`;
const suspicious = /\\u(?:0000|d[89a-f])/i;
// A surrogate pair, any other \u escape, or any other escape (so that `\\u0000`, an escaped backslash, is left
// alone).
const escapes = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\[^u]/gi;

/**
 * JSON text that `jsonb` can store: NUL and lone surrogates, which PostgreSQL rejects, become U+FFFD
 * (docs/reference.md, "Meanings"). The text must be valid JSON; everything else in it stays unchanged.
 */
export function storableJson(text: string): string {
  // Checked first: most texts have no escape, and searching for fixed text takes a tenth of the time.
  if (!text.includes(String.raw`\u`) || !suspicious.test(text)) return text;
  return text.replace(escapes, (escape: string, high?: string, _low?: string, single?: string) => {
    if (high !== undefined || single === undefined) return escape;
    const code = Number.parseInt(single, 16);
    return code === 0 || (code >= 0xd800 && code <= 0xdfff) ? replacement : escape;
  });
}
