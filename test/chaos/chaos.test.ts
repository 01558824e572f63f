import { describe, expect, it } from '@jest/globals';
import { playHistory } from './history.ts';

const SECONDS = 90;
const LONGEST_MS = 240_000;
const STEPS = 60;

const given = process.env['CHAOS_SEED'];

describe('the random test', () => {
  it(
    'finds the mirror true after every history',
    async () => {
      const began = Date.now();
      const seeds = given === undefined ? null : [Number(given)];
      for (let at = 0; seeds ? at < seeds.length : Date.now() - began < SECONDS * 1000; at += 1) {
        const seed = seeds?.[at] ?? Math.floor(Math.random() * 1_000_000);
        const { differences, story, deeds, faults, kills } = await playHistory({ seed, steps: STEPS });
        process.stderr.write(`chaos: seed ${seed}, ${deeds} deeds, ${faults} faults, ${kills} kills\n`);
        expect({
          replay: `CHAOS_SEED=${seed}`,
          differences,
          story: differences.length > 0 ? story : [],
        }).toEqual({
          replay: `CHAOS_SEED=${seed}`,
          differences: [],
          story: [],
        });
      }
    },
    SECONDS * 1000 + LONGEST_MS,
  );
});
