import { createTimedIds } from './timed-ids.ts';

const SHORTEST_MS = 500;
/**
 * Shorter than the poller's threshold (2 s), which would otherwise wake a workflow for a repository that merely
 * rests.
 */
const LONGEST_MS = 1500;
/** As a multiple of the round before it: a busy machine has longer rounds, and so fewer of them. */
const ROUNDS = 20;

/**
 * After as long without a delivery as the last round took, within these bounds, no repository rests any longer: waiting
 * costs no more than the round that might have been spared.
 */
const CALM_MS = { least: 50, most: 200 };

export interface Rests {
  /** Records that a round of one or several repositories ended, and how long it took. */
  begin: (repositoryIds: readonly number[], roundMs: number) => void;
  /** The repositories whose rest is not over. */
  ids: () => number[];
  /** After how long without a delivery they end. */
  calmMs: () => number;
  /** Ends all rests. */
  end: () => void;
}

/**
 * While deliveries stream in, a repository rests between two rounds, so that everything that arrives meanwhile
 * becomes one round. Measured in a storm (`npm run bench -- storm`): 3 deliveries per round with rests of 500
 * ms, whatever a round took.
 */
export function createRests(now?: () => number): Rests {
  const resting = createTimedIds(now);
  let lastRoundMs = 0;
  return {
    begin(repositoryIds, roundMs) {
      lastRoundMs = roundMs;
      const restMs = (roundMs / repositoryIds.length) * ROUNDS;
      for (const id of repositoryIds) resting.add(id, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, restMs)));
    },
    ids: resting.ids,
    calmMs: () => Math.min(CALM_MS.most, Math.max(CALM_MS.least, lastRoundMs)),
    end: resting.clear,
  };
}
