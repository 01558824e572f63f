import { describe, expect, it } from '@jest/globals';
import {
  readLimit,
  type LimitAnswer,
  type LimitReading,
} from '../../src/github/session/rate-limit-headers.ts';
import { answer, headers, NOW } from './limited-answers.ts';

function read(given: LimitAnswer, refusals = 0, now = NOW): LimitReading {
  return readLimit(given, 'core', refusals, now);
}

describe('readLimit', () => {
  it('accepts a full answer, even the last one of a rate limit', () => {
    expect(read(answer(200, headers(0, 60)))).toMatchObject({
      remaining: 0,
      resetsAt: NOW + 60_000,
      blockedCode: null,
    });
  });

  it.each([
    ['99999999999999999999', null],
    ['2147483647', 2_147_483_647],
    ['4000.5', 4000],
    ['-1', 0],
    ['many', null],
    ['', null],
  ])('reads counts as integers that can be stored: %j', (shown, stored) => {
    const odd = { ...headers(4000, 60), 'x-ratelimit-limit': shown, 'x-ratelimit-remaining': shown };
    expect(read(answer(200, odd))).toMatchObject({ limit: stored, remaining: stored, blockedCode: null });
  });

  it.each([403, 429])('recognises a primary limit (%i)', (status) => {
    expect(read(answer(status, headers(0, 60), 'API rate limit exceeded'))).toMatchObject({
      blockedCode: 'RATE_LIMITED',
      blockedUntil: NOW + 61_000,
    });
  });

  it("uses GitHub's clock, not ours", () => {
    expect(read(answer(403, headers(0, 60)), 0, NOW + 500_000).resetsAt).toBe(NOW + 560_000);
  });

  it.each(['RATE_LIMITED', 'RATE_LIMIT'])("recognises GraphQL's %s inside a 200", (type) => {
    expect(read(answer(200, headers(0, 60), 'exceeded', [type]))).toMatchObject({
      blockedCode: 'RATE_LIMITED',
    });
  });

  it.each(['API rate limit exceeded for installation ID 1.', 'You have exceeded a secondary rate limit.'])(
    'recognises a limit by its message alone: %s',
    (message) => {
      const blockedCode = message.includes('secondary') ? 'SECONDARY_RATE_LIMITED' : 'RATE_LIMITED';
      const untold = { blockedCode, blockedUntil: NOW + 60_000 };
      for (const more of [{}, { ...headers(4000, 3000) }, { 'x-ratelimit-remaining': '' }]) {
        expect(read(answer(403, more, message))).toMatchObject(untold);
        expect(read(answer(200, more, message))).toMatchObject(untold);
      }
      const negative = { ...headers(-1, 60), 'retry-after': '61' };
      expect(read(answer(403, negative, message))).toMatchObject({ remaining: 0, blockedCode });
    },
  );

  it('waits as Retry-After says, else a minute and longer each time, at most half an hour or so', () => {
    const message = 'You have exceeded a secondary rate limit';
    const until = (more: Record<string, string>, refusals = 0) =>
      (read(answer(403, more, message), refusals).blockedUntil ?? 0) - NOW;
    expect(until({ ...headers(4000, 60), 'retry-after': '7' })).toBe(7000);
    expect(until(headers(4000, 60))).toBe(60_000);
    expect(until(headers(4000, 60), 2)).toBe(240_000);
    expect(until(headers(4000, 60), 50)).toBe(1_920_000);
    expect(until({})).toBe(60_000);
  });

  it.each([
    [403, 'Resource not accessible by integration'],
    [403, 'This installation has been suspended'],
    [403, 'Repository access blocked'],
    [404, 'Not Found'],
    [500, 'Server Error'],
  ])('does not treat %i "%s" as a limit', (status, message) => {
    expect(read(answer(status, headers(4000, 60), message)).blockedCode).toBeNull();
  });

  it.each<[string, LimitAnswer]>([
    ['a 401', answer(401, headers(0, 3000), 'Bad credentials')],
    [
      'the anonymous limit',
      answer(403, { ...headers(0, 3000), 'x-ratelimit-limit': '60' }, 'API rate limit'),
    ],
    ['another resource', answer(403, { ...headers(0, 3000), 'x-ratelimit-resource': 'search' }, 'API rate')],
    ['a redirect', answer(302, headers(0, 3000))],
  ])('takes nothing of this budget from %s', (_what, given) => {
    expect(read(given)).toMatchObject({ limit: null, remaining: null, resetsAt: null, blockedCode: null });
  });

  it('ignores a reset years ahead, and does not hurry if it has passed', () => {
    expect(read(answer(200, headers(0, 1e8))).resetsAt).toBeNull();
    expect(read(answer(403, headers(0, 1e8), 'API rate limit exceeded')).blockedUntil).toBe(NOW + 60_000);
    const past = answer(403, headers(0, -500), 'API rate limit exceeded');
    expect([0, 3].map((refusals) => (read(past, refusals).blockedUntil ?? 0) - NOW)).toEqual([1000, 8000]);
  });

  it.each([
    ['-5', 1000],
    ['0', 1000],
    ['1e12', 3_600_000],
    [new Date(NOW + 30_000).toUTCString(), 30_000],
    ['soon', 60_000],
  ])('waits for a Retry-After of %s', (retryAfter, expected) => {
    const given = answer(429, { ...headers(4000, 60), 'retry-after': retryAfter }, 'secondary rate limit');
    expect((read(given).blockedUntil ?? 0) - NOW).toBe(expected);
  });

  it('accepts answers without any header', () => {
    expect(read(answer(200, {}))).toEqual({
      resource: 'core',
      limit: null,
      remaining: null,
      resetsAt: null,
      blockedUntil: null,
      blockedCode: null,
    });
  });
});
