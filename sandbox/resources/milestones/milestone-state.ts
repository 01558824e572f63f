import type { Milestone } from './milestone.ts';

export const milestoneState = {
  firstIds: { milestone: 14_000_000 },
  nodeIds: { milestone: 'MI' },
  inRepository: () => ({ milestones: new Map<number, Milestone>(), nextMilestone: 1 }),
} as const;
