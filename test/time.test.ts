import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { boundedTime, isInFuture, storableTime } from '../src/time.ts';

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const fraction = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 0, max: 999 }).map((n) => `.${String(n).padStart(3, '0')}`),
);
/** Whatever looks like a time of GitHub's or of a row, days that no month has included. */
const written = fc
  .tuple(fc.integer({ min: 0, max: 10_100 }), two(13), two(32), two(25), two(61), two(61), fraction)
  .map(([year, month, day, hour, minute, second, ms]) => {
    const date = `${String(year).padStart(4, '0')}-${month}-${day}`;
    return `${date}T${hour}:${minute}:${second}${ms}Z`;
  });

describe('a time from GitHub', () => {
  it('is stored as JavaScript reads it, or not at all', () => {
    fc.assert(
      fc.property(written, (text) => {
        const read = Date.parse(text);
        const iso = Number.isNaN(read) ? '' : new Date(read).toISOString();
        const kept = /^\d{4}-/.test(iso) && !iso.startsWith('0000') ? iso : null;
        expect(storableTime(text)).toBe(kept);
        if (kept !== null) expect([boundedTime(text), storableTime(kept)]).toEqual([kept, kept]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['0000-12-31T23:59:59Z', '0001-01-01T00:00:00.000Z'],
    ['-0044-03-15T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00+05:00', '0001-01-01T00:00:00.000Z'],
    [-99_999_999_999_999, '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59-05:00', '9999-12-31T23:59:59.999Z'],
    ['10000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
    ['+010000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
    ['292278994-08-17T07:12:55Z', '9999-12-31T23:59:59.999Z'],
    [99_999_999_999_999, '9999-12-31T23:59:59.999Z'],
    ['soon', null],
  ])('is bounded where a column requires one: %s', (value, bound) => {
    expect([storableTime(value), boundedTime(value)]).toEqual([null, bound]);
  });

  it('is in the future if it is more than a day ahead', () => {
    const now = Date.parse('2026-11-28T12:00:00Z');
    const times = ['2026-11-29T12:00:00Z', '2026-11-29T12:00:01Z', '9999-12-31T23:59:59.999Z', null];
    expect(times.map((time) => isInFuture(time, now))).toEqual([false, true, true, false]);
  });
});
