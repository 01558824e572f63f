import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { z } from 'zod';
import { standBetween, type Between } from '../support/between.ts';
import { differencesFromGitHub, differencesIn } from '../support/mirror-differences.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';

const REPOSITORIES = 25;
/** Repositories that are taken from the queue at a time. */
const PAGE = 20;

let between: Between;
let mirror: Mirror;
/** How many repositories each wider query was about. */
let asked: number[];

beforeEach(async () => {
  between = await standBetween();
  asked = [];
  mirror = await startMirror({ between, imported: false });
  const { world } = mirror.sandbox;
  world.clock.freeze(Math.floor(Date.now() / 1000) - 80_000);
  world.silently(() => {
    for (const repo of mirror.control.growRepositories({ owner: 'acme', count: REPOSITORIES, commits: 2 }))
      mirror.control.createLabel({ repo, name: 'own' });
  });
  world.clock.run();
  between.alter = ({ question }) => {
    if (isWide(question)) asked.push(query.parse(JSON.parse(question)).variables.ids.length);
  };
});
afterEach(() => mirror.close());

const query = z.object({ variables: z.object({ ids: z.array(z.string()) }) });

function isWide(question: string): boolean {
  return question.includes('query WideProbe');
}

it('queries the further kinds of a page of repositories once in an import', async () => {
  await mirror.sweep();
  const about = asked.reduce((sum, one) => sum + one, 0);
  // The organisation of the sandbox has some of its own.
  expect(about).toBeGreaterThanOrEqual(REPOSITORIES);
  expect(asked.length).toBeLessThanOrEqual(Math.ceil(about / PAGE) + 1);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(await differencesIn(mirror, 'labels')).toEqual([]);
});

it('queries them for each repository if the common query fails', async () => {
  const observe = between.alter;
  between.alter = async (passing) => {
    await observe?.(passing);
    if (isWide(passing.question) && (asked.at(-1) ?? 0) > 1) passing.status = 502;
  };
  await mirror.sweep();
  const together = asked.filter((about) => about > 1);
  expect(asked.length - together.length).toBeGreaterThanOrEqual(REPOSITORIES);
  // All lanes wait for it: the second page of the queue is not asked about.
  expect(new Set(together).size).toBe(1);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(await differencesIn(mirror, 'labels')).toEqual([]);
});
