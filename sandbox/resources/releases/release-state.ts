import type { Release } from './release.ts';

export const releaseState = {
  firstIds: { asset: 340_000_000, release: 260_000_000 },
  nodeIds: { release: 'RE', asset: 'RA' },
  inRepository: () => ({ releases: new Map<number, Release>() }),
} as const;
