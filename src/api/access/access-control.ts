import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SyncError } from '../../errors.ts';
import type { GuessLimit } from './guess-limit.ts';
import { isLocal, originOf, hostOf } from '../../local-request.ts';
import { sessionToken } from './login-route.ts';
import { isSameSecret } from './is-same-secret.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `public`: open to everybody. `browser`: needs no token, but is closed to a tunnel in front of an API
     * without one. Everything else needs the token.
     */
    access?: 'public' | 'browser';
    /** bounds its own duration */
    isBounded?: boolean;
  }
}

/**
 * Who may request what (docs/reference.md, "Access"). With a token: anyone who sends it, as a bearer token or
 * in the dashboard's cookie. Without one: only this machine, which is distinguished from a tunnel, a proxy or
 * another site's page by what those inevitably send.
 */
export function registerAccessControl(
  app: FastifyInstance,
  token: string | undefined,
  guesses: GuessLimit,
): void {
  app.addHook('onRequest', (request, _reply, done) => {
    done(refusalOf(request, token, guesses) ?? undefined);
  });
}

function refusalOf(
  request: FastifyRequest,
  token: string | undefined,
  guesses: GuessLimit,
): SyncError | null {
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
  const refusal = guesses.refusal(request);
  if (refusal !== null) return refusal;
  if (bearer !== undefined && isSameSecret(bearer, token)) return null;
  if (cookie === undefined || !isSameSecret(cookie, token)) {
    guesses.record(request, bearer ?? cookie ?? '');
    return unauthorized('the token is wrong');
  }
  // A browser sends cookies along with requests from any page.
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
