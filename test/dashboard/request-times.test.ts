import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { isDue, timed } from '../../dashboard/api/request-times.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** An answer that takes so long. */
async function ask(path: string, tookMs: number): Promise<void> {
  const { signal } = new AbortController();
  const answer = timed(path, signal, () => new Promise<void>((resolve) => setTimeout(resolve, tookMs)));
  await jest.advanceTimersByTimeAsync(tookMs);
  await answer;
}

describe('the changed part of a screen', () => {
  it('is requested again at once if the answer is quick, and once per change', async () => {
    await ask('/quick', 50);
    expect(isDue('/quick', Date.now())).toBe(true);
    const changedAt = Date.now();
    await ask('/quick', 50);
    expect(isDue('/quick', changedAt)).toBe(false);
  });

  it('is requested again after ten times as long as the answer took, one request at a time', async () => {
    await ask('/slow', 3000);
    const changedAt = Date.now();
    jest.advanceTimersByTime(26_000);
    expect(isDue('/slow', changedAt)).toBe(false);
    jest.advanceTimersByTime(1000);
    expect(isDue('/slow', changedAt)).toBe(true);
    const again = ask('/slow', 4000);
    expect(isDue('/slow', Date.now() + 60_000)).toBe(false);
    await again;
  });

  it('is requested again if nobody waited for the answer', async () => {
    const leaving = new AbortController();
    const changedAt = Date.now();
    const left = timed('/left', leaving.signal, async () => {
      leaving.abort();
      throw new Error('aborted');
    });
    await expect(left).rejects.toThrow('aborted');
    expect(isDue('/left', changedAt)).toBe(true);
  });
});
