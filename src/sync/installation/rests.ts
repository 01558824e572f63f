import { createTimedIds } from './timed-ids.ts';

const SHORTEST_MS = 500;
/**
 * Shorter than the poller's threshold (2 s), which would otherwise wake a workflow for a repository that merely
 * rests.
 */
const LONGEST_MS = 1500;
/** As a multiple of the round before it: a busy machine has longer rounds, and so fewer of them. */
const ROUNDS = 20;

export interface Rests {
  /** Records that a round of a repository ended, and how long it took. */
  begin: (repositoryId: number, roundMs: number) => void;
  /** The repositories whose rest is not over. */
  ids: () => number[];
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
  return {
    begin(repositoryId, roundMs) {
      resting.add(repositoryId, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, roundMs * ROUNDS)));
    },
    ids: resting.ids,
    end: resting.clear,
  };
}
