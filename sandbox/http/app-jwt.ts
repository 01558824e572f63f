/** Checking the JWTs with which the App identifies itself. */
import { createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import type { World } from '../world/world.ts';
import { HttpError } from './http-error.ts';

/** The longest a JWT may live, and how far clocks may differ. */
const MAX_SECONDS = 600;
const LEEWAY = 5;

const EXPIRY =
  "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
const TOO_FAR = "'Expiration time' claim ('exp') is too far in the future";
const ISSUED =
  "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
const UNREADABLE = 'A JSON web token could not be decoded';

/** Whether a bearer token looks like a JWT at all. */
export function isJwt(token: string): boolean {
  return token.split('.').length === 3 && token.startsWith('ey');
}

/**
 * Accepts an RS256 JWT of the App (its id or client id as issuer) that lives at most ten minutes. Throws HttpError 401 with
 * GitHub's own words, which clients match to correct their clocks; 404 for an App that is not this one.
 */
export async function checkAppJwt(world: World, token: string): Promise<void> {
  const claims = decode(token);
  const now = world.clock.wall() / 1000;
  if (typeof claims.exp !== 'number' || claims.exp <= now) throw new HttpError(401, EXPIRY);
  if (claims.exp > now + MAX_SECONDS + LEEWAY) throw new HttpError(401, TOO_FAR);
  if (!Number.isInteger(claims.iat) || Number(claims.iat) > now + LEEWAY) throw new HttpError(401, ISSUED);
  const { app } = world.state;
  if (String(claims.iss) !== String(app.id) && claims.iss !== app.clientId) {
    throw new HttpError(404, 'Integration not found');
  }
  const currentDate = new Date(world.clock.wall());
  for (const key of [app.privateKey, ...app.olderKeys]) {
    try {
      await jwtVerify(token, createPublicKey(key), { algorithms: ['RS256'], currentDate });
      return;
    } catch {
      // It may be signed with another.
    }
  }
  throw new HttpError(401, UNREADABLE);
}

function decode(token: string): JWTPayload {
  try {
    if (decodeProtectedHeader(token).alg !== 'RS256') throw new HttpError(401, UNREADABLE);
    return decodeJwt(token);
  } catch {
    throw new HttpError(401, UNREADABLE);
  }
}
