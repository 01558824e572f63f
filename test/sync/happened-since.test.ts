import { expect, it } from '@jest/globals';
import { happenedSince } from '../../src/sync/access/happened-since.ts';

const since = '2026-11-28T12:00:00.500Z';

it.each([
  ['an issue of that second', { issue: { updated_at: '2026-11-28T12:00:00Z' } }, true],
  ['an issue of the second before', { issue: { updated_at: '2026-11-28T11:59:59Z' } }, false],
  ['a push, in seconds', { repository: { pushed_at: Date.parse('2026-11-28T12:00:01Z') / 1000 } }, true],
  ['a time in the future', { issue: { updated_at: '9999-01-01T00:00:00Z' } }, false],
  ['a number that is no time', { repository: { pushed_at: 99_999_999_999_999 } }, false],
  ['nothing with a time', { action: 'created', sender: { login: 'ann' }, changes: null }, false],
])('tells from a payload whether it happened since then: %s', (_what, payload, happened) => {
  expect(happenedSince({ payload }, since)).toBe(happened);
});
