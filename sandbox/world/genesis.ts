/** The world before anything happened: the App, its owner, the ghost. */
import { createAccount } from './account.ts';
import type { Clock } from './clock.ts';
import { GHOST_ID } from './lookup.ts';
import type { WorldState } from './types.ts';
import { createWorld, type World } from './world.ts';

export interface GenesisInput {
  seed: number;
  appId: number;
  privateKey: string;
  webhookUrl: string | null;
  webhookSecret: string | null;
}

/** What the App may read, and hears of. */
const APP_PERMISSIONS: Record<string, string> = {
  contents: 'read',
  issues: 'read',
  metadata: 'read',
  pull_requests: 'read',
  members: 'read',
};

const APP_EVENTS = [
  'create',
  'delete',
  'issue_comment',
  'issues',
  'label',
  'organization',
  'pull_request',
  'pull_request_review',
  'push',
  'repository',
];

/** A world with nothing in it but the App. Ids start where GitHub's stand today (issue ids beyond 2^31). */
export function createGenesis(input: GenesisInput, clock?: Clock): World {
  const state: WorldState = {
    random: input.seed,
    sequences: {
      account: 180_000_000,
      activity: 20_000_000_000,
      comment: 3_300_000_000,
      installation: 70_000_000,
      issue: 3_500_000_000,
      label: 4_100_000_000,
      network: 0,
      pull: 2_900_000_000,
      repository: 1_060_000_000,
      review: 3_200_000_000,
    },
    app: {
      id: input.appId,
      slug: 'sandbox-mirror',
      name: 'Sandbox Mirror',
      clientId: 'Iv23liSandboxMirror1',
      ownerId: 9919,
      privateKey: input.privateKey,
      permissions: { ...APP_PERMISSIONS },
      events: [...APP_EVENTS],
      hook: { id: 470_000_001, url: input.webhookUrl, secret: input.webhookSecret, contentType: 'json' },
      createdAt: 1_700_000_000,
    },
    accounts: new Map(),
    networks: new Map(),
    repositories: new Map(),
    installations: new Map(),
    redirects: new Map(),
    tokens: new Map(),
    deliveries: [],
  };
  const world = createWorld(state, clock);
  createAccount(world, { login: 'ghost', name: 'Deleted user', id: GHOST_ID });
  createAccount(world, { login: 'github', type: 'Organization', name: 'GitHub', id: 9919 });
  return world;
}
