/** The years that both PostgreSQL's and JavaScript's texts write alike: beyond, each has signs of its own. */
const FIRST = '0001-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

/** As the rows have nearly all of them: UTC, a day that every month has. */
const plainTime =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/**
 * A time as every column holds it and every reader reads it: one before the year 1 or after 9999 becomes that bound,
 * and one that is no time at all null. Git keeps any number of seconds as a date.
 */
export function storableTime(text: string): string | null {
  if (plainTime.test(text)) return text;
  const odd = /^([+-]?)(\d{4,})-/.exec(text);
  const time = Date.parse(text);
  if (odd !== null && (odd[1] === '-' || Number(odd[2]) === 0)) return FIRST;
  if (odd !== null && Number(odd[2]) > 9999) return LAST;
  if (Number.isNaN(time)) return null;
  const iso = new Date(time).toISOString();
  if (iso.length === FIRST.length) return text;
  return iso.startsWith('-') ? FIRST : LAST;
}

/** A `timestamptz` of PostgreSQL as ISO 8601 in UTC; one written by hand may be `infinity` or before our era. */
export function readTime(text: string): string {
  // With a blank between, JavaScript takes the year 1 for 2001.
  const time = new Date(text.replace(/^(\d{4}-\d\d-\d\d) ([\d:.]+)([+-]\d\d)$/, '$1T$2$3:00'));
  const iso = Number.isNaN(time.getTime()) ? '' : time.toISOString();
  if (iso.length === LAST.length) return iso;
  return text.startsWith('-') || text.endsWith(' BC') ? FIRST : LAST;
}
