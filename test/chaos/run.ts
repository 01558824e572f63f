import { commandOptions, wholeNumberOption } from '../../src/command-options.ts';
import setup from '../support/global-setup.ts';
import teardown from '../support/global-teardown.ts';
import { playHistory, type HistoryResult } from './history.ts';
import { tell } from './tell.ts';

const HELP = `npm run chaos -- [--minutes 5] [--steps 60] [--seed N] [--faults 5] [--repositories 9] [--shrink]
  plays random histories until the time is up, and prints what the mirror survived; exit code 1 if a row differs
  --minutes       starts no history after them; 0 plays one
  --steps         the length of a history
  --seed          repeats that history once
  --faults        steps from one fault to the next
  --repositories  how many the history begins with
  --shrink        looks for the shortest beginning of a failed history that still fails
`;

const values = commandOptions(HELP, {
  minutes: { type: 'string', default: '5' },
  steps: { type: 'string', default: '60' },
  seed: { type: 'string' },
  faults: { type: 'string', default: '5' },
  repositories: { type: 'string', default: '9' },
  shrink: { type: 'boolean', default: false },
});
const steps = wholeNumberOption('steps', values.steps);
const minutes = wholeNumberOption('minutes', values.minutes, { least: 0 });
const faultEvery = wholeNumberOption('faults', values.faults);
const repositories = wholeNumberOption('repositories', values.repositories);
const seedText = values.seed ?? process.env['CHAOS_SEED'];
const given = seedText === undefined ? undefined : wholeNumberOption('seed', seedText, { least: 0 });
const results: HistoryResult[] = [];

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    say(summary());
    process.exit(130);
  });
}
await setup();
try {
  const end = Date.now() + minutes * 60_000;
  for (let again = true; again; again = given === undefined && Date.now() < end) {
    const seed = given ?? Math.floor(Math.random() * 1_000_000);
    say(`seed ${seed}`);
    const result = await playHistory({ seed, steps, faultEvery, repositories });
    results.push(result);
    say(lineOf(result));
    if (result.differences.length > 0) await report(result, values.shrink);
  }
} finally {
  say(summary());
  await teardown();
}
process.exit(results.some(({ differences }) => differences.length > 0) ? 1 : 0);

/** What differs, and (`--shrink`) the shortest beginning of the history in which something still does. */
async function report(failed: HistoryResult, shrink: boolean): Promise<void> {
  say(tell(failed));
  if (!shrink) return;
  let shortest = failed;
  for (let fewer = Math.floor(steps / 2), step = fewer; step >= 4;) {
    const shorter = await playHistory({ seed: failed.seed, steps: fewer, faultEvery, repositories });
    say(`  ${fewer} steps: ${lineOf(shorter)}`);
    step = Math.floor(step / 2);
    if (shorter.differences.length > 0) {
      shortest = shorter;
      fewer -= step;
    } else fewer += step;
  }
  say(tell(shortest));
}

function lineOf({
  seed,
  actions,
  deliveries,
  faults,
  kills,
  milliseconds,
  differences,
}: HistoryResult): string {
  const verdict = differences.length === 0 ? 'true' : `${differences.length} differences`;
  const took = Object.entries(milliseconds).map(([what, ms]) => `${what} ${(ms / 1000).toFixed(1)} s`);
  return `seed ${seed}: ${actions} actions, ${deliveries} deliveries, ${faults} faults, ${kills} kills, ${took.join(', ')}: ${verdict}`;
}

function summary(): string {
  const sum = (of: (result: HistoryResult) => number): number =>
    results.reduce((all, one) => all + of(one), 0);
  const failed = results.filter(({ differences }) => differences.length > 0).map(({ seed }) => seed);
  return (
    `${results.length} histories, ${sum(({ actions }) => actions)} actions, ${sum(({ deliveries }) => deliveries)} deliveries, ` +
    `${sum(({ faults }) => faults)} faults, ${sum(({ kills }) => kills)} kills; ` +
    (failed.length === 0
      ? 'the mirror was true after every one'
      : `not true after seeds ${failed.join(', ')}`)
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
