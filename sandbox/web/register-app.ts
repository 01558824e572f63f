/** Making the App of the world from a manifest, and handing its credentials out once. */
import { randomBytes, randomInt } from 'node:crypto';
import { newPrivateKey } from '../world/private-key.ts';
import type { Account } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Manifest } from './manifest.ts';

/** Source: "Registering a GitHub App from a manifest": all steps within an hour. */
const CODE_LIFE_MS = 3_600_000;

export interface Registration {
  appId: number;
  clientSecret: string;
  manifest: Manifest;
  until: number;
}

/** Codes that were given out and not exchanged yet. */
export type Registrations = Map<string, Registration>;

/**
 * Makes the App. The sandbox knows one: what it was before is gone with its installations, as if another GitHub had it.
 *
 * @returns the code that its credentials are exchanged for
 */
export function registerApp(
  world: World,
  registrations: Registrations,
  input: { manifest: Manifest; name: string; owner: Account },
): string {
  const { manifest, name, owner } = input;
  const { state } = world;
  const { hook_attributes: hook } = manifest;
  const id = state.app.id + randomInt(1, 1000);
  state.installations.clear();
  state.tokens.clear();
  state.deliveries.length = 0;
  state.app = {
    id,
    slug: slugOf(name),
    name,
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    ownerId: owner.id,
    privateKey: newPrivateKey('pkcs1'),
    olderKeys: [],
    permissions: { metadata: 'read', ...manifest.default_permissions },
    events: [...manifest.default_events],
    hook: {
      id: state.app.hook.id + 1,
      url: hook?.active === true ? hook.url : null,
      secret: hook === undefined ? null : randomBytes(20).toString('hex'),
      contentType: 'json',
    },
    createdAt: world.clock.now(),
  };
  const code = randomBytes(20).toString('hex');
  const until = world.clock.wall() + CODE_LIFE_MS;
  registrations.set(code, { appId: id, clientSecret: randomBytes(20).toString('hex'), manifest, until });
  return code;
}

/** What a code belongs to; it can be used once. */
export function takeRegistration(
  world: World,
  registrations: Registrations,
  code: string,
): Registration | null {
  const found = registrations.get(code);
  registrations.delete(code);
  return found !== undefined && found.until > world.clock.wall() && found.appId === world.state.app.id
    ? found
    : null;
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
