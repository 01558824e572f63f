/** The world at the beginning: the App, its owner, the ghost. */
import { createAccount } from './resources/accounts/account.ts';
import { events } from './resources/events.ts';
import { ALWAYS_SENT } from './webhooks/event.ts';
import type { Clock } from './world/clock.ts';
import { GHOST_ID } from './world/lookup.ts';
import { repositoryState, resources } from './resources/index.ts';
import type { WorldState } from './world/types.ts';
import { createWorld, type World } from './world/world.ts';

export interface InitialWorldInput {
  seed: number;
  appId: number;
  privateKey: string;
  webhookUrl: string | null;
  webhookSecret: string | null;
}

/** What the App may read: metadata, which everybody may, and what the resources' events and routes need. */
function appPermissions(): Record<string, string> {
  const toHear = [...events.values()].flatMap(({ permissions }) => permissions);
  const toRead = resources
    .flatMap(({ routes = [] }) => routes)
    .flatMap(({ permission }) => (permission === 'issues_or_pulls' ? [] : [permission]));
  return Object.fromEntries(['metadata', ...toHear, ...toRead].map((name) => [name, 'read']));
}

/** The App is subscribed to everything but forks, which no mirror needs. */
function appEvents(): string[] {
  return [...events.keys()].filter((name) => !ALWAYS_SENT.has(name) && name !== 'fork').toSorted();
}

/** A world with nothing in it but the App.*/
export function createInitialWorld(input: InitialWorldInput, clock?: Clock): World {
  const state: WorldState = {
    random: input.seed,
    sequences: {},
    app: {
      id: input.appId,
      slug: 'sandbox-mirror',
      name: 'Sandbox Mirror',
      clientId: 'Iv23liSandboxMirror1',
      ownerId: 9919,
      privateKey: input.privateKey,
      olderKeys: [],
      permissions: appPermissions(),
      events: appEvents(),
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
  const world = createWorld(state, repositoryState, clock);
  createAccount(world, { login: 'ghost', name: 'Deleted user', id: GHOST_ID });
  createAccount(world, { login: 'github', type: 'Organization', name: 'GitHub', id: 9919 });
  return world;
}
