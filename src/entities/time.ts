/** `timestamptz` has no year 0, and ISO 8601 writes four digits of a year: what is outside has no spelling in both. */
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** As GitHub writes nearly all of them: whole seconds, UTC, a day that every month has. */
const plainTime = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * A time of GitHub's as the rows keep it, ISO 8601 UTC. git sets no bound to its dates: one that cannot be kept
 * (year 0, years above 9999, an offset that no clock has) is null.
 *
 * @param value ISO 8601, or a payload's epoch seconds
 */
export function storableTime(value: string | number): string | null {
  // Some twenty thousand of them in an import: what `toISOString` would make of it, ten times as fast.
  if (typeof value === 'string' && plainTime.test(value)) return `${value.slice(0, -1)}.000Z`;
  const epochMs = typeof value === 'number' ? value * 1000 : Date.parse(value);
  return epochMs >= FIRST && epochMs <= LAST ? new Date(epochMs).toISOString() : null;
}

/** As `storableTime`, for a row that cannot do without: the first or last time that can be kept; null for no time at all. */
export function boundedTime(value: string | number): string | null {
  const kept = storableTime(value);
  if (kept !== null) return kept;
  const year = typeof value === 'number' ? value : Number(/^\s*([+-]?\d{4,})-\d{2}-\d{2}T/.exec(value)?.[1]);
  if (Number.isNaN(year)) return null;
  return new Date(year > 0 ? LAST : FIRST).toISOString();
}
