import { createTimedIds } from './timed-ids.ts';

const SHORTEST_MS = 500;
/** Shorter than what the poller calls waiting (2 s): it would wake for a repository that merely rests. */
const LONGEST_MS = 1500;
/** As a multiple of the round before it: a busy machine makes long rounds, and fewer of them. */
const ROUNDS = 20;

export interface Rests {
  /** A round of a repository has ended, that took so long. */
  begin: (repositoryId: number, roundMs: number) => void;
  /** Whose rest is not over. */
  ids: () => number[];
  /** All are over. */
  end: () => void;
}

/**
 * While deliveries stream in, a repository rests between two rounds: whatever comes for it meanwhile is then one round.
 * Measured in a storm (`npm run bench -- storm`): 3 deliveries a round with rests of 500 ms whatever a round took.
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
