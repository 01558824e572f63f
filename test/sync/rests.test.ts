import { expect, it } from '@jest/globals';
import { createRests } from '../../src/sync/installation/rests.ts';

it('lets a repository rest in proportion to its round, within bounds, until all rests end', () => {
  let now = 0;
  const rests = createRests(() => now);
  rests.begin([1], 2);
  rests.begin([2], 50);
  rests.begin([3], 60_000);
  const restingAt = (time: number) => {
    now = time;
    return rests.ids();
  };
  expect(restingAt(499)).toEqual([1, 2, 3]);
  expect(restingAt(500)).toEqual([2, 3]);
  expect(restingAt(999)).toEqual([2, 3]);
  expect(restingAt(1000)).toEqual([3]);
  expect(restingAt(1499)).toEqual([3]);
  rests.begin([1], 2);
  rests.end();
  expect(rests.ids()).toEqual([]);
});

it('shares the time of a round among its repositories', () => {
  let now = 0;
  const rests = createRests(() => now);
  rests.begin([1, 2], 100);
  now = 999;
  expect(rests.ids()).toEqual([1, 2]);
  now = 1000;
  expect(rests.ids()).toEqual([]);
});

it('takes as long without a delivery as the last round took for the end of a storm, within bounds', () => {
  const rests = createRests(() => 0);
  expect(rests.calmMs()).toBe(50);
  const calmAfter = [2, 80, 60_000].map((roundMs) => {
    rests.begin([1], roundMs);
    return rests.calmMs();
  });
  expect(calmAfter).toEqual([50, 80, 200]);
});
