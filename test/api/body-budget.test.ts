import { expect, it } from '@jest/globals';
import { createBodyBudget } from '../../src/api/body-budget.ts';

it('rejects the largest when too many wait, and admits the smallest first', async () => {
  const budget = createBodyBudget(100);
  const first = await budget.admit(100, () => undefined);
  const turnedAway: number[] = [];
  const admitted: number[] = [];
  for (let bytes = 1; bytes <= 40; bytes += 1) {
    void budget.admit(bytes, () => turnedAway.push(bytes)).then(() => admitted.push(bytes));
  }
  expect(turnedAway).toEqual([33, 34, 35, 36, 37, 38, 39, 40]);
  first.close();
  await new Promise(setImmediate);
  expect(admitted).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
});

it.each([
  { leastBytesPerMs: 100, slow: 'goes on' },
  { leastBytesPerMs: 2500, slow: 'turned away' },
])(
  'turns away what stalls, and what is slower than $leastBytesPerMs bytes per ms',
  async ({ slow, ...options }) => {
    let time = 0;
    const budget = createBodyBudget(30_000_000, { ...options, now: () => time });
    let outcome = 'goes on';
    const reading = await budget.admit(20_000_000, () => (outcome = 'turned away'));
    const stalled = new Promise<void>((resolve) => void budget.admit(10_000_000, resolve));
    void budget.admit(30_000_000, () => undefined);
    // A third of it within ten seconds.
    time = 10_000;
    reading.advance();
    await stalled;
    expect(outcome).toBe(slow);
  },
);
