import type { Repository } from '../../world/types.ts';
import type { Milestone } from './milestone.ts';

export function findMilestone(repository: Repository, wanted: number): Milestone | null {
  return [...repository.milestones.values()].find((one) => one.number === wanted) ?? null;
}
