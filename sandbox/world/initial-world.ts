/** The world before anything happened: the App, its owner, the ghost. */
import { createAccount } from '../resources/accounts/account.ts';
import type { Clock } from './clock.ts';
import { GHOST_ID } from './lookup.ts';
import { SEQUENCES } from './sequences.ts';
import type { WorldState } from './types.ts';
import { createWorld, type World } from './world.ts';

export interface InitialWorldInput {
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
  'milestone',
  'organization',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
  'push',
  'release',
  'repository',
];

/** A world with nothing in it but the App.*/
export function createInitialWorld(input: InitialWorldInput, clock?: Clock): World {
  const state: WorldState = {
    random: input.seed,
    sequences: { ...SEQUENCES },
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
    teams: new Map(),
    unknowns: { resolvingMovesClock: false, threadsTellTime: true, emptyReviewsVanish: false },
    redirects: new Map(),
    tokens: new Map(),
    deliveries: [],
  };
  const world = createWorld(state, clock);
  createAccount(world, { login: 'ghost', name: 'Deleted user', id: GHOST_ID });
  createAccount(world, { login: 'github', type: 'Organization', name: 'GitHub', id: 9919 });
  return world;
}
