import { expect, it } from '@jest/globals';
import { playHistory } from './history.ts';
import { tell } from './tell.ts';

const STEPS = 80;

/** The same for everybody: what a change breaks shows at that change. `npm run chaos` plays others. */
const SEEDS = [20, 26, 31];

const given = process.env['CHAOS_SEED'];
const LIMIT_MS = 480_000;

it.each(given === undefined ? SEEDS : [Number(given)])(
  'keeps the mirror equal to GitHub through a random history (seed %i)',
  async (seed) => {
    const result = await playHistory({ seed, steps: STEPS });
    const { actions, faults, kills, differences } = result;
    process.stderr.write(`chaos: seed ${seed}, ${actions} actions, ${faults} faults, ${kills} kills\n`);
    expect(differences.length === 0 ? '' : tell(result)).toBe('');
  },
  LIMIT_MS,
);
