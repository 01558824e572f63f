import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { storableTime as columnTime } from '../../src/db/storable-time.ts';
import { storableTime } from '../../src/entities/time.ts';

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
/** Whatever looks like a time of GitHub's, days that no month has included. */
const written = fc
  .tuple(fc.integer({ min: 0, max: 10_100 }), two(13), two(32), two(25), two(61), two(61))
  .map(([year, month, day, hour, minute, second]) => {
    const date = `${String(year).padStart(4, '0')}-${month}-${day}`;
    return `${date}T${hour}:${minute}:${second}Z`;
  });

describe('a time from GitHub', () => {
  it('is stored as JavaScript reads it, or not at all', () => {
    fc.assert(
      fc.property(written, (text) => {
        const read = Date.parse(text);
        const iso = Number.isNaN(read) ? '' : new Date(read).toISOString();
        const kept = /^\d{4}-/.test(iso) && !iso.startsWith('0000') ? iso : null;
        expect(storableTime(text)).toBe(kept);
        if (kept !== null) expect([columnTime(text), columnTime(kept)]).toEqual([text, kept]);
      }),
      { numRuns: 2000 },
    );
  });
});
