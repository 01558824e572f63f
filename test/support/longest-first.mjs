import { existsSync, statSync } from 'node:fs';

/**
 * What takes longest, in that order, by runs on two cores: begun last, one of these would keep one worker busy while
 * the others have nothing left. jest alone goes by a file's size until it has seen a run, and forgets what it saw
 * wherever the project is checked out anew.
 */
const LONGEST = [
  'machines/machines',
  'scenarios/by-hand',
  'scenarios/doctor',
  'dashboard/live',
  'chaos/chaos',
  'sync/limits-and-failures',
  'scenarios/odd-deliveries',
  'sync/commits',
  'sync/issues-and-pull-requests',
  'sync/refusals',
  'sync/repositories-and-installations',
  'sync/verify',
  'machines/restored',
  'further/review-comments',
  'further/reviews',
  'dashboard/page',
  'dashboard/many-rows',
  'commands/sync',
  'scenarios/mirror',
  'bench',
  'workflows/event-counts',
  'sync/kinds-and-counts',
  'sync/recover-deliveries',
  'sync/repository-lists',
  'scenarios/setup',
  'secrets',
];

/** The order of the test files: the longest first, the others by size. */
export class LongestFirst {
  sort(tests) {
    const gone = LONGEST.find((name) => !existsSync(new URL(`../${name}.test.ts`, import.meta.url)));
    if (gone !== undefined) throw new Error(`longest-first.mjs names test/${gone}, which is not there`);
    const places = new Map(tests.map((test) => [test, placeOf(test.path)]));
    return tests.toSorted((a, b) => places.get(a) - places.get(b));
  }

  /** Nothing is kept between runs: every run has the same order. */
  cacheResults() {}
}

function placeOf(path) {
  const place = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? LONGEST.length + 1 / statSync(path).size : place;
}

// jest takes a sequencer from the default export only.
export default LongestFirst;
