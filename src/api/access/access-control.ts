import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SyncError } from '../../errors.ts';
import type { GuessBrake } from './guess-brake.ts';
import { isLocal, originOf, hostOf } from '../../local-request.ts';
import { sessionToken } from './login-route.ts';
import { isSameSecret } from './is-same-secret.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `public`: answers everybody. `browser`: needs no token, but not for a tunnel to an API without one. Everything else
     * needs the token.
     */
    access?: 'public' | 'browser';
    /** ends by itself however long what it waits for takes */
    isBounded?: boolean;
  }
}

/**
 * Who may ask for what (docs/reference.md, "Access"). With a token: whoever has it, as bearer or in the dashboard's
 * cookie. Without one: this machine only, told from a tunnel, a proxy or another site's page by what
 * those cannot help sending.
 */
export function registerAccessControl(
  app: FastifyInstance,
  token: string | undefined,
  brake: GuessBrake,
): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(refusalOf(request, token, brake) ?? undefined);
  });
}

function refusalOf(request: FastifyRequest, token: string | undefined, brake: GuessBrake): SyncError | null {
  const { access } = request.routeOptions.config;
  if (access === 'public') return null;
  if (token === undefined) {
    if (isLocal(request.raw)) return null;
    return unauthorized('without SYNC_API_TOKEN only direct requests from this machine are answered');
  }
  if (access === 'browser') return null;
  const [, bearer] = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const cookie = sessionToken(request);
  if (bearer === undefined && cookie === undefined) return unauthorized('the token is missing');
  const refusal = brake.refusal(request);
  if (refusal !== null) return refusal;
  if (bearer !== undefined && isSameSecret(bearer, token)) return null;
  if (cookie === undefined || !isSameSecret(cookie, token)) {
    brake.record(request, bearer ?? cookie ?? '');
    return unauthorized('the token is wrong');
  }
  // A browser sends cookies along whoever's page it is that asks.
  if (isSafe(request.method) || isSameOrigin(request)) return null;
  return unauthorized("another site's page may not change anything here");
}

function unauthorized(message: string): SyncError {
  return new SyncError('UNAUTHORIZED', message);
}

function isSameOrigin(request: FastifyRequest): boolean {
  const { headers } = request;
  if (headers['sec-fetch-site'] !== undefined) return headers['sec-fetch-site'] === 'same-origin';
  return headers.origin === undefined || originOf(headers.origin)?.host === hostOf(headers.host)?.host;
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
