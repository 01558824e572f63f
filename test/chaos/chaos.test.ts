import { describe, expect, it } from '@jest/globals';
import { playHistory } from './history.ts';
import { tell } from './tell.ts';

const SECONDS = 90;
const LONGEST_MS = 240_000;
const STEPS = 80;

const given = process.env['CHAOS_SEED'];

describe('the random test', () => {
  it(
    'finds the mirror true after every history',
    async () => {
      const end = Date.now() + (given === undefined ? SECONDS * 1000 : 0);
      const untrue: string[] = [];
      do {
        const seed = given === undefined ? Math.floor(Math.random() * 1_000_000) : Number(given);
        const result = await playHistory({ seed, steps: STEPS });
        const { deeds, faults, kills, differences } = result;
        process.stderr.write(`chaos: seed ${seed}, ${deeds} deeds, ${faults} faults, ${kills} kills\n`);
        if (differences.length > 0) untrue.push(tell(result));
      } while (Date.now() < end && untrue.length === 0);
      expect(untrue.join('\n')).toBe('');
    },
    SECONDS * 1000 + LONGEST_MS,
  );
});
