/** The years that PostgreSQL and JavaScript write in the same way: beyond, each uses its own signs. */
const FIRST = '0001-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';

/** The form of nearly all times in rows: UTC, a day that every month has. */
const plainTime =
  /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/**
 * A time that every column can hold and every reader can parse: one before the year 1 or after 9999 becomes
 * that bound, and an invalid one null. Git accepts any number of seconds as a date.
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

/** How PostgreSQL writes nearly all times to a session that uses UTC; others have another zone, five digits or BC. */
const storedTime = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;
const TO_SECONDS = 'YYYY-MM-DD HH:MM:SS'.length;

/**
 * A `timestamptz` of PostgreSQL as ISO 8601 in UTC; one written by hand may be `infinity` or BC. Made of the parts of
 * its text where that is possible: that takes 0.1 µs, a `Date` 1.1 µs.
 */
export function readTime(text: string): string {
  if (!storedTime.test(text)) return readOddTime(text);
  const milliseconds = text
    .slice(TO_SECONDS + 1, -3)
    .slice(0, 3)
    .padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, TO_SECONDS)}.${milliseconds}Z`;
}

function readOddTime(text: string): string {
  // With a space in between, JavaScript reads the year 1 as 2001.
  const time = new Date(text.replace(/^(\d{4}-\d\d-\d\d) ([\d:.]+)([+-]\d\d)$/, '$1T$2$3:00'));
  const iso = Number.isNaN(time.getTime()) ? '' : time.toISOString();
  if (iso.length === LAST.length) return iso;
  return text.startsWith('-') || text.endsWith(' BC') ? FIRST : LAST;
}
