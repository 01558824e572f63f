/** A row as the database or the sandbox has it; times are ISO 8601 text. */
export type Row = Record<string, unknown>;

/** PostgreSQL holds neither NUL nor lone surrogates (docs/reference.md, "Meanings"). */
export function asStored(text: unknown): string | null {
  return typeof text === 'string' ? text.toWellFormed().replaceAll('\0', '\uFFFD') : null;
}

/** `labels`, `assignees`, `topics`: sorted by code point, unique. */
export function asSet(items: readonly unknown[]): string[] {
  const texts = items.map((item) => asStored(item) ?? '');
  return [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/**
 * Compares rows with what they must be, by key, field by field (of the fields that are expected).
 *
 * @returns a readable line for each difference
 */
export function differencesOf(
  table: string,
  expected: ReadonlyMap<string, Row>,
  actual: ReadonlyMap<string, Row>,
): string[] {
  const lines: string[] = [];
  for (const [key, want] of expected) {
    const have = actual.get(key);
    if (have === undefined) {
      lines.push(`${table} ${key}: missing`);
      continue;
    }
    for (const [field, value] of Object.entries(want)) {
      const [left, right] = [canonical(value), canonical(have[field])];
      if (left !== right)
        lines.push(`${table} ${key}: ${field} is ${shorten(right)}, must be ${shorten(left)}`);
    }
  }
  for (const key of actual.keys()) {
    if (!expected.has(key)) lines.push(`${table} ${key}: must not be live`);
  }
  return lines;
}

/** The same text for the same value, whatever order objects have their keys in. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
