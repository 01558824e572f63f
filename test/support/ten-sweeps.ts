import { expect } from '@jest/globals';
import { timePasses, toldOf } from '../further/told.ts';
import type { Between } from './between.ts';
import type { Mirror } from './mirror.ts';

const QUARTER_HOUR_MS = 15 * 60_000;
/** A failing round is repeated at once, in the first sweep that meets the failure. */
const ROUNDS = 5;

/** How often each of ten sweeps asks: in all, and for one list. */
interface SweepRequests {
  all: number[];
  ofList: number[];
}

/** Has ten sweeps, a quarter of an hour apart, while a list fails: each of them reports it. */
export async function requestsOfTenSweeps(
  { mirror, between }: { mirror: Mirror; between: Between },
  list: RegExp,
  afterEach: () => Promise<unknown> = () => Promise.resolve(),
): Promise<SweepRequests> {
  const requests: SweepRequests = { all: [], ofList: [] };
  for (let sweeps = 0; sweeps < 10; sweeps += 1) {
    between.requests.length = 0;
    await mirror.sweep();
    requests.all.push(between.requests.length);
    requests.ofList.push(between.requests.filter((request) => list.test(request)).length);
    expect(await toldOf(mirror)).not.toBeNull();
    await afterEach();
    await timePasses(mirror, QUARTER_HOUR_MS);
  }
  return requests;
}

/**
 * Expects that the list was asked for at growing intervals, and that meanwhile nothing else of the repository was read.
 *
 * @param most how often one round may ask for it
 * @param quiet how often a sweep asks that finds nothing changed
 */
export function expectGrowingIntervals({ all, ofList }: SweepRequests, most: number, quiet: number): void {
  // At the first, after a quarter of an hour, half an hour, one hour and two.
  expect(ofList.filter((times) => times > 0).length).toBeLessThanOrEqual(5);
  expect(ofList.every((times, sweep) => times <= most * (sweep === 0 ? ROUNDS : 1))).toBe(true);
  const meanwhile = all.filter((_requests, sweep) => ofList[sweep] === 0);
  // The detail of a pull request that has just changed is read once more.
  expect(meanwhile.filter((one) => one > quiet + 1)).toEqual([]);
}
