/**
 * Which times are not believed. Git accepts any number of seconds as a date, so some cannot be stored: they are null or,
 * for a required column, the nearest that can. Others are in the future: they are stored, but order nothing. What this
 * system records by a clock that was ahead: `db/times-ahead.ts`.
 */

/** The years that PostgreSQL and JavaScript write in the same way; beyond, each uses its own signs. */
export const FIRST_TIME = '0001-01-01T00:00:00.000Z';
export const LAST_TIME = '9999-12-31T23:59:59.999Z';
const FIRST = Date.parse(FIRST_TIME);
const LAST = Date.parse(LAST_TIME);

/** The form of nearly all times: UTC, a day that every month has, and in GitHub's answers whole seconds. */
const plainTime =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z$/;

/**
 * A time as rows store it, ISO 8601 in UTC; null if it cannot be stored (year 0, years above 9999, an impossible
 * offset).
 *
 * @param value ISO 8601, or epoch seconds in a payload
 */
export function storableTime(value: string | number): string | null {
  // An import parses some twenty thousand of them: this gives the same as `toISOString`, ten times as fast.
  const plain = typeof value === 'string' ? plainTime.exec(value) : null;
  if (plain !== null) return plain[1] === undefined ? `${plain[0].slice(0, -1)}.000Z` : plain[0];
  const time = epochOf(value);
  return time >= FIRST && time <= LAST ? new Date(time).toISOString() : null;
}

/**
 * Like `storableTime`, for a required column: the first or last time that can be stored; null if there is no
 * time at all.
 */
export function boundedTime(value: string | number): string | null {
  const kept = storableTime(value);
  if (kept !== null) return kept;
  const time = epochOf(value);
  if (!Number.isNaN(time)) return time < FIRST ? FIRST_TIME : LAST_TIME;
  const year = /^\s*([+-]?\d{4,})-\d{2}-\d{2}T/.exec(String(value))?.[1];
  if (year === undefined) return null;
  return Number(year) > 0 ? LAST_TIME : FIRST_TIME;
}

function epochOf(value: string | number): number {
  return typeof value === 'number' ? value * 1000 : Date.parse(value);
}

/** GitHub's rate limits last an hour: one that ends later than this was recorded while a clock was wrong. */
export const LONGEST_LIMIT_MS = 2 * 3_600_000;

/** A day, since clocks differ by minutes. */
export const IN_FUTURE_MS = 86_400_000;

/**
 * Whether a time is more than a day after `now`, whatever it belongs to. Such a time cannot be used for
 * ordering: everything later would count as older. GitHub is asked instead, and a stored row with such a time
 * is replaced by any other state.
 *
 * @param time from a payload or a row; null or none is not in the future
 */
export function isInFuture(time: unknown, now: number = Date.now()): boolean {
  return typeof time === 'string' && Date.parse(time) > now + IN_FUTURE_MS;
}
