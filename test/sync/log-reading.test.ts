import { describe, expect, it } from '@jest/globals';
import type { LogReading } from '../../src/db/system-state/delivery-log.ts';
import { forgetExpired, isDue } from '../../src/sync/delivery-log/log-reading.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();

/** Whether one that was tried that long ago is due. */
const dueAfter = (tries: number, ms: number) => isDue({ tries, tried_at: at(-ms) }, NOW);

describe('a delivery that the log could not show', () => {
  it('is asked for again after longer and longer times', () => {
    expect([dueAfter(1, 0), dueAfter(2, MINUTE - 1), dueAfter(2, MINUTE)]).toEqual([true, false, true]);
    expect([dueAfter(3, 9 * MINUTE), dueAfter(3, 10 * MINUTE)]).toEqual([false, true]);
    expect([dueAfter(5, 119 * MINUTE), dueAfter(5, 120 * MINUTE)]).toEqual([false, true]);
  });

  it('does not wait for a time that a clock which was ahead recorded', () => {
    expect([dueAfter(3, -60 * MINUTE), dueAfter(3, -MINUTE)]).toEqual([true, false]);
    expect(dueAfter(9, -400 * DAY)).toBe(true);
  });

  it('is forgotten once it has left the log, however far ahead a clock was when it was met', () => {
    const met = (ms: number) => ({ guid: String(ms), id: '1', tries: 1, met_at: at(ms), tried_at: at(ms) });
    const reading: LogReading = {
      read_at: null,
      empty_at: null,
      checkpoint: null,
      unread: { since: null, tries: 1, met_at: at(-3 * DAY), tried_at: at(-3 * DAY) },
      missed: [met(-4 * DAY), met(-2 * DAY), met(60 * MINUTE), met(400 * DAY)],
    };
    const kept = forgetExpired(reading, 3 * DAY, NOW);
    expect(kept.unread).toBeNull();
    expect(kept.missed).toEqual([met(-2 * DAY), met(60 * MINUTE)]);
  });
});
