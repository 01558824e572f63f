import { expect, it } from '@jest/globals';
import type { LogState } from '../../src/db/system-state/log-reader.ts';
import { logFinding } from '../../src/setup/checks/log-finding.ts';

const INTERVAL_MS = 10_000;
const state: LogState = {
  read_at: '2026-05-01T10:00:00.000Z',
  due_at: '2026-05-01T10:15:00.000Z',
  code: null,
  overdue_ms: -9000,
  is_held: false,
};

it.each<[string, LogState | null, string]>([
  ['read as often as is set', state, 'ok read at 2026-05-01T10:00:00.000Z'],
  ['due for as long as a busy machine needs', { ...state, overdue_ms: 60_000 }, 'ok read at 2026'],
  ['read for a long time', { ...state, overdue_ms: 600_000, is_held: true }, 'ok read at 2026'],
  [
    'read less often since the budget is short',
    { ...state, code: 'RATE_LIMITED', overdue_ms: -600_000 },
    'warning it is read less often than SYNC_DELIVERY_LOG_INTERVAL says: last 2026-05-01T10:00:00.000Z, next 2026-05-01T10:15:00.000Z.',
  ],
  [
    'not read since GitHub fails',
    { ...state, code: 'GITHUB_UNAVAILABLE', overdue_ms: -600_000 },
    'warning it could not be read (GITHUB_UNAVAILABLE); next attempt at 2026-05-01T10:15:00.000Z.',
  ],
  [
    'left by its worker in a long pause',
    { ...state, code: 'RATE_LIMITED', overdue_ms: 62_000 },
    'fault it was due at 2026-05-01T10:15:00.000Z, and last read 2026-05-01T10:00:00.000Z.',
  ],
  ['read by nobody', null, 'fault it is not read between sweeps.'],
])('a delivery log that is %s', (_, given, expected) => {
  const { status, message, why, advice } = logFinding(given, INTERVAL_MS);
  expect(`${status} ${message}`).toContain(expected);
  const told = status === 'ok' ? null : expect.any(String);
  expect({ why, advice }).toEqual({ why: told, advice: told });
  expect(advice?.startsWith('Start the worker') ?? false).toBe(status === 'fault');
});
