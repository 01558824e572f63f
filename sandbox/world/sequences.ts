import { firstIds } from '../resources/states.ts';

/** Where ids start: where GitHub's stand today (issue ids beyond 2^31). */
export const SEQUENCES = {
  ...firstIds,
  account: 180_000_000,
  activity: 20_000_000_000,
  comment: 3_300_000_000,
  event: 19_000_000_000,
  installation: 70_000_000,
  issue: 3_500_000_000,
  network: 0,
  pull: 2_900_000_000,
  repository: 1_060_000_000,
  review: 3_200_000_000,
  reviewComment: 2_400_000_000,
  team: 13_000_000,
  thread: 60_000_000,
};

export type Sequence = keyof typeof SEQUENCES;
