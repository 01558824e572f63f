import { expect, it } from '@jest/globals';
import { createRests } from '../../src/sync/installation/rests.ts';

it('lets a repository rest in proportion to its round, within bounds, until all rests end', () => {
  let now = 0;
  const rests = createRests(() => now);
  rests.begin(1, 2);
  rests.begin(2, 50);
  rests.begin(3, 60_000);
  const restingAt = (time: number) => {
    now = time;
    return rests.ids();
  };
  expect(restingAt(499)).toEqual([1, 2, 3]);
  expect(restingAt(500)).toEqual([2, 3]);
  expect(restingAt(999)).toEqual([2, 3]);
  expect(restingAt(1000)).toEqual([3]);
  expect(restingAt(1499)).toEqual([3]);
  rests.begin(1, 2);
  rests.end();
  expect(rests.ids()).toEqual([]);
});
