import { expect, it } from '@jest/globals';
import { shareCounted } from '../../src/db/health/share-counted.ts';

const MANY = 100_000;

function counter(rows: number) {
  let counted = 0;
  const ask = shareCounted(async () => {
    counted += 1;
    return { rows, value: counted };
  });
  return { ask, counted: () => counted };
}

it('counts few rows again for every caller, even concurrently', async () => {
  const { ask } = counter(10_000);
  expect([await ask(), await ask()]).toEqual([1, 2]);
  expect((await Promise.all([ask(), ask()])).toSorted()).toEqual([3, 4]);
});

it('counts many rows once for concurrent and slightly later callers', async () => {
  const { ask, counted } = counter(MANY);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
  expect(await ask()).toBe(1);
  expect(counted()).toBe(1);
});

it('returns the last result if there are many rows, and counts in the background', async () => {
  // A twentieth of a millisecond for each: half a second.
  const { ask, counted } = counter(10_001);
  expect(await ask()).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(await ask()).toBe(1);
  expect(counted()).toBe(2);
  expect(await ask()).toBe(2);
});

it('counts again after a failure', async () => {
  let fails = true;
  const ask = shareCounted(async () => {
    if (fails) throw new Error('the database is away');
    return { rows: MANY, value: 'counted' };
  });
  await expect(ask()).rejects.toThrow('the database is away');
  fails = false;
  expect(await ask()).toBe('counted');
});
