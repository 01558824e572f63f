/** Who a request comes from. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Faults } from '../faults/faults.ts';
import type { World } from '../world/world.ts';
import { checkAppJwt, isJwt } from './app-jwt.ts';
import type { Caller, Route } from './call.ts';
import { HttpError } from './http-error.ts';

const SUSPENDED = 'This installation has been suspended';

/** The credentials of an `Authorization: Bearer X` or `token X`, or null. */
function credentials(headers: IncomingHttpHeaders): string | null {
  const match = /^(?:bearer|token)\s+(\S+)\s*$/i.exec(headers.authorization ?? '');
  return match?.[1] ?? null;
}

/** The installation a request's token belongs to, whether or not it is still good. */
export function claimedInstallation(world: World, headers: IncomingHttpHeaders): number | null {
  return world.state.tokens.get(credentials(headers) ?? '')?.installationId ?? null;
}

/** Finds the caller and refuses the wrong kind. Throws HttpError 401 or 403. */
export async function authenticate(
  world: World,
  faults: Faults,
  headers: IncomingHttpHeaders,
  needed: Route['auth'],
): Promise<Caller> {
  const given = credentials(headers);
  if (given === null) {
    if (needed === 'app') throw new HttpError(401, UNREADABLE);
    if (needed === 'installation') throw new HttpError(401, 'Requires authentication');
    return { kind: 'nobody' };
  }
  if (isJwt(given)) {
    await checkAppJwt(world, given);
    if (needed === 'installation') {
      throw new HttpError(403, 'This endpoint requires you to authenticate using an access token');
    }
    return { kind: 'app' };
  }
  if (needed === 'app') throw new HttpError(401, UNREADABLE);
  return installationCaller(world, faults, given);
}

const UNREADABLE = 'A JSON web token could not be decoded';

function installationCaller(world: World, faults: Faults, text: string): Caller {
  const token = world.state.tokens.get(text);
  const now = world.clock.wall();
  const fresh = token !== undefined && now < token.createdAt + faults.settings.freshTokenSeconds * 1000;
  const installation = token && world.state.installations.get(token.installationId);
  if (!token || !installation || fresh || token.expiresAt <= now) throw new HttpError(401, 'Bad credentials');
  if (installation.suspendedAt !== null) throw new HttpError(403, SUSPENDED);
  return { kind: 'installation', token, installation };
}
