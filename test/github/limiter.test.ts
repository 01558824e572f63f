import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLimiter, type Limiter } from '../../src/github/session/limiter.ts';
import type { LimitLedger } from '../../src/github/session/shared-buckets.ts';
import { purposes, type Purpose } from '../../src/github/session/purposes.ts';
import { prioritize, setPurpose, countUsage } from '../../src/github/session/usage.ts';
import type { LimitAnswer } from '../../src/github/session/rate-limit-headers.ts';
import type { LimitState } from '../../src/model.ts';
import { answer, headers, NOW } from './limited-answers.ts';

function ok(remaining: number): LimitAnswer {
  return answer(200, headers(remaining, 600));
}

const noLimit = { blocked_until: null, blocked_code: null };
const iso = (time: number): string => new Date(time).toISOString();

describe('the limiter', () => {
  let now: number;
  let ledger: Map<string, LimitState>;
  let limiter: Limiter;

  beforeEach(() => {
    now = NOW;
    ledger = new Map();
    limiter = newLimiter();
  });

  function newLimiter(): Limiter {
    const shared: LimitLedger = {
      read: () => Promise.resolve(new Map(ledger)),
      write: (_id, resource, state) => Promise.resolve(void ledger.set(resource, state)),
    };
    return createLimiter(1, shared, () => now);
  }

  async function send(given: LimitAnswer, resource = 'core', through = limiter): Promise<void> {
    await through.run(resource, async () => {
      await through.record(resource, given);
    });
  }

  it('sends at most ten requests concurrently, and finally all', async () => {
    let running = 0;
    let most = 0;
    let sent = 0;
    await Promise.all(
      Array.from({ length: 50 }, () =>
        limiter.run('core', async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setTimeout(resolve, 1));
          running -= 1;
          sent += 1;
        }),
      ),
    );
    expect([most, sent]).toEqual([10, 50]);
  });

  it('never sends more than the rate limit allows, even concurrently', async () => {
    await send(ok(4));
    let sent = 0;
    let left = 4;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        limiter.run('core', async () => {
          sent += 1;
          left -= 1;
          await new Promise((resolve) => setTimeout(resolve, 1));
          await limiter.record('core', ok(left));
        }),
      ),
    );
    expect(sent).toBe(4);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(16);
    expect(refused[0]).toMatchObject({ reason: { code: 'RATE_LIMITED', retryAfterMs: 601_000 } });
  });

  function sendFor(purpose: Purpose, work: () => Promise<void>): Promise<void> {
    return countUsage({ requests: 0, points: 0 }, undefined, () => {
      setPurpose(purpose);
      return limiter.run('core', work);
    });
  }

  it.each([
    [501, purposes],
    [500, ['people', 'webhooks', 'imports', 'sweeps']],
    [200, ['people', 'webhooks', 'imports']],
    [100, ['people', 'webhooks']],
    [25, ['people']],
    [0, []],
  ])('sends only more urgent requests with %i of 5,000 left', async (left, expected) => {
    await send(ok(left));
    const outcomes = await Promise.allSettled(
      purposes.map(async (purpose) => {
        await sendFor(purpose, () => limiter.record('core', ok(left)).then(() => undefined));
        return purpose;
      }),
    );
    expect(outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))).toEqual(expected);
    const refused = outcomes.flatMap((one): unknown[] => (one.status === 'rejected' ? [one.reason] : []));
    for (const reason of refused)
      expect(reason).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 601_000 });
    if (left > 0 && refused.length > 0)
      expect(refused[0]).toMatchObject({ message: expect.stringContaining('until 00:10:00 UTC') });
  });

  it('sends the most urgent waiting request next', async () => {
    const order: Purpose[] = [];
    const holding = Promise.withResolvers<void>();
    const first = Array.from({ length: 10 }, () => limiter.run('core', () => holding.promise));
    await new Promise(setImmediate);
    const waiting = purposes.toReversed().map((purpose) =>
      sendFor(purpose, async () => {
        order.push(purpose);
      }),
    );
    await new Promise(setImmediate);
    holding.resolve();
    await Promise.all([...first, ...waiting]);
    expect(order).toEqual(purposes);
  });

  it("sends a purpose's first request next, and no less urgent one", async () => {
    const order: string[] = [];
    const holding = Promise.withResolvers<void>();
    const first = Array.from({ length: 10 }, () => limiter.run('core', () => holding.promise));
    await new Promise(setImmediate);
    const sendAs = (name: string) => limiter.run('core', async () => void order.push(name));
    const asking = countUsage({ requests: 0, points: 0 }, undefined, async () => {
      setPurpose('imports');
      await Promise.all([sendAs('others'), prioritize(() => sendAs('the history'))]);
    });
    const urgent = sendFor('webhooks', () => Promise.resolve(void order.push('a delivery')));
    await new Promise(setImmediate);
    holding.resolve();
    await Promise.all([...first, asking, urgent]);
    expect(order).toEqual(['a delivery', 'the history', 'others']);
  });

  /** How many of a dozen are sent at once. */
  async function mostSideBySide(): Promise<number> {
    let [running, peak] = [0, 0];
    await Promise.all(
      Array.from({ length: 12 }, () =>
        limiter.run('core', async () => {
          peak = Math.max(peak, (running += 1));
          await new Promise(setImmediate);
          running -= 1;
        }),
      ),
    );
    return peak;
  }

  it('sends half as many concurrently after a secondary limit, and more again as answers arrive', async () => {
    await send(ok(4000));
    const refusal = answer(403, { 'retry-after': '5' }, 'secondary rate limit');
    // Two that were under way together are one refusal.
    const refused = () =>
      limiter.run('core', async () => {
        await new Promise(setImmediate);
        await limiter.record('core', refusal);
      });
    await Promise.all([refused(), refused()]);
    now += 6000;
    expect(await mostSideBySide()).toBe(5);
    for (let at = 0; at < 50; at += 1) await send(ok(3999 - at));
    expect(await mostSideBySide()).toBe(6);
  });

  it('sends requests again after the reset', async () => {
    await send(ok(0));
    await expect(send(ok(10))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    now += 601_000;
    await send(answer(200, { ...headers(4999, 4200), date: new Date(now).toUTCString() }));
    expect(ledger.get('core')?.remaining).toBe(4999);
  });

  it('blocks REST and GraphQL together at a secondary limit, separately at a primary one', async () => {
    await send(answer(403, headers(0, 600), 'API rate limit exceeded'));
    await send(answer(200, { ...headers(10, 600), 'x-ratelimit-resource': 'graphql' }), 'graphql');
    await send(answer(403, { 'retry-after': '5' }, 'secondary rate limit'), 'graphql');
    await expect(send(ok(1), 'graphql')).rejects.toMatchObject({ code: 'SECONDARY_RATE_LIMITED' });
    await expect(send(ok(1), 'core')).rejects.toMatchObject({
      code: expect.stringContaining('RATE_LIMITED'),
    });
  });

  it('learns from the other processes, within a second', async () => {
    const other = newLimiter();
    await send(ok(100), 'core', other);
    await send(answer(403, headers(0, 600), 'API rate limit exceeded'));
    now += 1001;
    await expect(send(ok(99), 'core', other)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('waits for no limit that was recorded while a clock was a year ahead', async () => {
    const ahead = NOW + 365 * 24 * 3_600_000;
    now = ahead;
    await send(ok(0));
    await send(answer(403, { 'retry-after': '60' }, 'You have exceeded a secondary rate limit'), 'graphql');
    const used = { limit: 5000, remaining: 0, resets_at: iso(ahead), blocked_until: iso(ahead) };
    expect([...ledger.values()].every((state) => state.blocked_until !== null || state.remaining === 0)).toBe(
      true,
    );
    now = NOW;
    expect(limiter.budget('core')).toBeNull();
    for (const one of [limiter, newLimiter()])
      for (const resource of ['core', 'graphql'])
        await expect(one.run(resource, async () => 'sent')).resolves.toBe('sent');
    // A refusal of another process that is true is learned beside one that is not.
    ledger.set('core', { ...used, blocked_until: iso(NOW + 60_000), blocked_code: 'RATE_LIMITED' });
    now += 1000;
    await expect(limiter.run('core', async () => 'sent')).rejects.toThrow(/waiting for GitHub/);
  });

  it('prefers its own window to an older one of another process', async () => {
    ledger.set('core', { ...noLimit, limit: 5000, remaining: 4990, resets_at: iso(NOW + 3_600_000) });
    await send(ok(4990));
    await send(answer(200, headers(0, 2)));
    ledger.set('core', { ...noLimit, limit: 5000, remaining: 4990, resets_at: iso(NOW + 3_600_000) });
    now += 1001;
    await expect(send(ok(4989))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('uses the lowest remainder that any process knows for the same window', async () => {
    await send(ok(3));
    ledger.set('core', { ...noLimit, limit: 5000, remaining: 0, resets_at: iso(NOW + 599_000) });
    now += 1001;
    await expect(send(ok(2))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('treats answers that overtake each other as one window', async () => {
    await send(ok(50));
    await send(ok(90));
    now += 3000;
    await send(ok(49));
    expect(ledger.get('core')?.remaining).toBe(49);
  });
});
