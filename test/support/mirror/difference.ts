import { parseTime } from '../../../sandbox/world/clock.ts';

/** A row as the database or the sandbox has it; times are ISO 8601 text. */
export type Row = Record<string, unknown>;

/** PostgreSQL holds neither NUL nor lone surrogates (docs/reference.md, "Meanings"). */
export function asStored(text: unknown): string | null {
  return typeof text === 'string' ? text.toWellFormed().replaceAll('\0', '\uFFFD') : null;
}

/** The years that have a spelling both in ISO 8601 and in PostgreSQL (docs/known-limitations.md). */
const FIRST = '0001-01-01T00:00:00Z';
const LAST = '9999-12-31T23:59:59.999Z';
const [FIRST_SECOND, LAST_SECOND] = [parseTime(FIRST), parseTime(LAST)];

/** A date that a row may lack, as the database answers it; null for one outside of the years 1 to 9999. */
export function asDate(date: unknown): string | null {
  if (typeof date !== 'string') return null;
  const seconds = parseTime(date);
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND) return null;
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** As `asDate`, of a date that a row requires: outside of these years the first or the last of them. */
export function asRequiredDate(date: unknown): string | null {
  const stored = asDate(date);
  if (stored !== null || typeof date !== 'string') return stored;
  return parseTime(date) < FIRST_SECOND ? FIRST : LAST;
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
