import { setTimeout as sleep } from 'node:timers/promises';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { install } from '../../sandbox/resources/installations/installation.ts';
import { createRandom, type Random } from '../../sandbox/world/random.ts';
import { createRepository } from '../../sandbox/resources/repositories/repository.ts';
import type { World } from '../../sandbox/world/world.ts';
import { growCommits, growIssues, growPulls } from '../../sandbox/seed/bulk.ts';
import { growTeamwork } from '../../sandbox/seed/teamwork.ts';
import { WorldError } from '../../sandbox/world/errors.ts';
import { comeHourly } from '../support/come-hourly.ts';
import { failuresAreEarlier } from '../support/failures-are-earlier.ts';
import { hourlyTables } from '../support/mirror-differences.ts';
import { compareMirror } from '../support/mirror-comparison.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { faults, type Fault } from './fault-injector.ts';
import { accountActions, installationActions } from './actions/accounts.ts';
import { commitActions } from './actions/commits.ts';
import { issueActions, pullActions } from './actions/issues.ts';
import { teamworkActions } from './actions/teamwork.ts';
import { releaseActions } from './actions/releases.ts';
import { repositoryActions } from './actions/repositories.ts';
import { createPlay, type Action } from './play.ts';
import { pickWeighted } from './weighted.ts';

export const allActions: Record<string, Action> = {
  ...commitActions,
  ...issueActions,
  ...pullActions,
  ...repositoryActions,
  ...accountActions,
  ...installationActions,
  ...teamworkActions,
  ...releaseActions,
};
/** Those whose traces GitHub shows. */
function seen(actions: Record<string, Action>): Record<string, Action> {
  return Object.fromEntries(Object.entries(actions).filter(([, { unseen }]) => unseen !== true));
}

/** A limit that was hit lasts seconds here; what takes so long hangs, also on a busy machine. */
const REST_LIMIT_MS = 240_000;

const HOUR_MS = 3_600_000;

/** Of what is asked for hourly (`docs/architecture.md`), what a lost delivery announced may be missing until then. */
const isHourly = (line: string) => [...hourlyTables].some((table) => line.startsWith(`${table} `));

export interface HistoryOptions {
  seed: number;
  /** How many things happen; the same seed with fewer is the same history, cut short. */
  steps: number;
  /** 0 for a quiet life: no faults, no kills. */
  faultEvery?: number;
  /** How many repositories there are in the beginning, at least: nine in three installations unless more are asked for. */
  repositories?: number;
}

export interface HistoryResult {
  seed: number;
  steps: number;
  /** what differs from GitHub afterwards; empty when the mirror is true */
  differences: string[];
  /** everything that happened, in order */
  story: string[];
  actions: number;
  deliveries: number;
  faults: number;
  kills: number;
  /** how long what happened took, the coming to rest after it, and the sweep */
  milliseconds: { actions: number; rest: number; sweep: number };
}

/**
 * Plays a history that follows from the seed against the running product, lets everything come to rest, sweeps
 * once, and compares every row with GitHub; what is asked for hourly, also after that hour. Odd seeds also do what GitHub shows nowhere, and compare everything.
 */
export async function playHistory(options: HistoryOptions): Promise<HistoryResult> {
  const { seed } = options;
  const everything = seed % 2 === 1;
  const random = createRandom({ random: seed });
  const stack = await startStack({
    apis: 1 + (seed % 3 === 0 ? 1 : 0),
    workers: 1 + (seed % 4 < 2 ? 1 : 0),
    sandbox: { seed, populate: (world) => populate(world, options.repositories) },
  });
  const result: HistoryResult = {
    seed,
    steps: options.steps,
    differences: [],
    story: [],
    actions: 0,
    deliveries: 0,
    faults: 0,
    kills: 0,
    milliseconds: { actions: 0, rest: 0, sweep: 0 },
  };
  try {
    const { milliseconds } = result;
    milliseconds.actions = await timed(() =>
      playActions(stack, options, random, everything ? allActions : seen(allActions), result),
    );
    stack.sandbox.control.clearFaults({});
    milliseconds.rest = await timed(() => stack.quiet(REST_LIMIT_MS));
    milliseconds.sweep = await timed(() => sweep(stack, everything));
    result.differences = await compareMirror(stack.sandbox, stack.query);
    if (!everything && result.differences.some(isHourly)) {
      const mirror = { rows: (statement: string) => stack.query(statement) };
      await failuresAreEarlier(mirror, HOUR_MS);
      await comeHourly(mirror);
      await sweep(stack, everything);
      const others = result.differences.filter((line) => !isHourly(line));
      result.differences = [...others, ...(await compareMirror(stack.sandbox, stack.query))];
    }
  } catch (error) {
    result.differences = [`could not be judged: ${String(error)}`];
  } finally {
    result.deliveries = stack.sandbox.world.state.deliveries.length;
    const keepLogs = result.differences.length > 0;
    if (keepLogs) result.story.push(`(the logs are in ${stack.folder})`);
    await stack.close({ keepLogs });
  }
  return result;
}

/** What happens, and the fault injector beside it. Each draws from a chance of its own, so that fewer steps tell the same story. */
async function playActions(
  stack: Stack,
  { seed, steps, faultEvery = 5 }: HistoryOptions,
  random: Random,
  actions: Record<string, Action>,
  result: HistoryResult,
): Promise<void> {
  const { sandbox } = stack;
  const faultRandom = createRandom({ random: seed ^ 0x00e7_11ed });
  const note = (line: string): number => result.story.push(line);
  const play = createPlay(sandbox, random, note);
  const underWay = new Map<string, Promise<unknown>>();
  async function inject(what: string, fault: Fault): Promise<void> {
    try {
      await fault.run({ stack, sandbox, random: faultRandom });
      result[fault.kind === 'kills' ? 'kills' : 'faults'] += 1;
    } catch (error) {
      note(`--- ${what} came to nothing: ${String(error)}`);
    }
  }
  for (let step = 0; step < steps; step += 1) {
    await sleep(random.int(4) === 0 ? random.int(250) : random.int(20));
    const [name, action] = pickWeighted(random, actions);
    try {
      action.run(play);
      result.actions += 1;
    } catch (error) {
      if (!(error instanceof WorldError) && !(error instanceof RangeError)) throw error;
      note(`(${name} made no sense)`);
    }
    if (faultEvery > 0 && faultRandom.chance(1 / faultEvery)) {
      const [what, fault] = pickWeighted(faultRandom, faults);
      // One kill at a time: the next begins when what was killed is back.
      if (underWay.has(fault.kind === 'kills' ? 'kills' : what)) continue;
      note(`--- ${what}`);
      const run = inject(what, fault).finally(() => underWay.delete(fault.kind === 'kills' ? 'kills' : what));
      underWay.set(fault.kind === 'kills' ? 'kills' : what, run);
    }
  }
  await Promise.all(underWay.values());
}

async function sweep(stack: Stack, everything: boolean): Promise<void> {
  await stack.sweep({ everything });
  await stack.quiet(REST_LIMIT_MS);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = Date.now();
  await work();
  return Date.now() - began;
}

/** Two organisations and a user, each with the App, and people; the first repository of each has half a year behind it. */
export function populate(world: World, repositories = 0): void {
  const people = ['ann', 'bob', 'cas', 'dot'].map((login) =>
    createAccount(world, { login, name: login.toUpperCase(), emails: [`${login}@people.example`] }),
  );
  createAccount(world, { login: 'helper[bot]', type: 'Bot' });
  for (const [login, type] of [
    ['octo', 'Organization'],
    ['acme', 'Organization'],
    ['solo', 'User'],
  ] as const) {
    const owner = createAccount(world, { login, type });
    const by = world.random.pick(people);
    const made = ['one', 'two', 'three'].map((name) => createRepository(world, owner, { name }, by));
    for (let n = made.length; n < repositories / 3; n += 1) {
      const further = createRepository(world, owner, { name: `more-${n}` }, by);
      growCommits(world, further, 1 + (n % 4));
      growIssues(world, further, n % 3);
      made.push(further);
    }
    const [lived, grown] = made;
    if (lived) {
      const amount = { commits: 12, issues: 4, pulls: 4, releases: true, forgotten: true };
      growTeamwork(world, lived, amount, by);
    }
    if (grown) {
      growCommits(world, grown, 12);
      growIssues(world, grown, 4);
      growPulls(world, grown, 2);
    }
    install(world, owner, login === 'acme' ? made.filter((_, at) => at !== 2) : 'all', by);
  }
}
