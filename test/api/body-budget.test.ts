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
