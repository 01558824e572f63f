import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SyncError } from '../errors.ts';
import { sessionToken } from './login-route.ts';
import { isLoopbackName } from '../loopback.ts';
import { isSame } from './token.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `open`: answers everybody. `page`: needs no token, but not for a tunnel to an API without one.
     * `loopback`: needs no token from this machine. Everything else needs the token.
     */
    door?: 'open' | 'page' | 'loopback';
  }
}

/**
 * Who may ask for what (docs/reference.md, "Access"). With a token: whoever has it, as bearer or in the dashboard's
 * cookie. Without one: this machine only, told from a tunnel, a proxy or another site's page by the headers
 * that those cannot help sending.
 */
export function registerDoors(app: FastifyInstance, token: string | undefined): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const refusal = refusalOf(request, token);
    if (refusal === null) done();
    else done(new SyncError('UNAUTHORIZED', refusal));
  });
}

/** Why a request is not let in, or null. */
function refusalOf(request: FastifyRequest, token: string | undefined): string | null {
  const { door } = request.routeOptions.config;
  if (door === 'open') return null;
  if (token === undefined) {
    if (isLocal(request)) return null;
    return 'without SYNC_API_TOKEN only direct requests from this machine are answered';
  }
  if (door === 'page' || (door === 'loopback' && isLocal(request))) return null;
  const [, bearer] = /^bearer +(.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (bearer !== undefined && isSame(bearer, token)) return null;
  const cookie = sessionToken(request);
  if (cookie === undefined || !isSame(cookie, token)) return 'the token is missing or wrong';
  // A browser sends cookies along whoever's page it is that asks.
  if (isSafe(request.method) || isSameOrigin(request)) return null;
  return "another site's page may not change anything here";
}

function isLocal(request: FastifyRequest): boolean {
  const { headers } = request;
  const forwarded = Object.keys(headers).some(
    (name) => name === 'forwarded' || name.startsWith('x-forwarded-'),
  );
  if (forwarded || !isLoopbackAddress(request.socket.remoteAddress ?? '')) return false;
  const host = hostOf(headers.host);
  if (host === null || !isLoopbackName(host.hostname)) return false;
  if (headers.origin === undefined) return true;
  // The same program under another of this machine's names; another port is another program.
  const origin = originOf(headers.origin);
  return origin !== null && isLoopbackName(origin.hostname) && origin.port === host.port;
}

function isSameOrigin(request: FastifyRequest): boolean {
  const { headers } = request;
  if (headers['sec-fetch-site'] !== undefined) return headers['sec-fetch-site'] === 'same-origin';
  return headers.origin === undefined || originOf(headers.origin)?.host === hostOf(headers.host)?.host;
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function hostOf(header: string | undefined): URL | null {
  return header === undefined || header === '' ? null : URL.parse(`http://${header}`);
}

function originOf(header: string): URL | null {
  return header.startsWith('http://') || header.startsWith('https://') ? URL.parse(header) : null;
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
