import type { Label } from '../../world/types.ts';

export const labelState = {
  firstIds: { label: 4_100_000_000 },
  nodeIds: { label: 'LA' },
  inRepository: () => ({ labels: new Map<number, Label>() }),
} as const;
