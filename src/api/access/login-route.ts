import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import type { GuessLimit } from './guess-limit.ts';
import { isSameSecret } from './is-same-secret.ts';
import { errors } from '../schemas.ts';

const COOKIE = 'sync_token';
const THIRTY_DAYS = 30 * 24 * 3600;

/** The token in the dashboard's cookie, if any. */
export function sessionToken(request: FastifyRequest): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === COOKIE && value) return Buffer.from(value, 'base64url').toString('utf8');
  }
  return undefined;
}

/** Exchanges the token for a cookie that no script can read and no other site's page can send. */
export function registerLogin(app: FastifyInstance, token: string | undefined, guesses: GuessLimit): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'POST',
    url: '/api/login/',
    config: { access: 'browser' },
    // Anyone may call it, so the body is limited to what a token needs.
    bodyLimit: 4096,
    schema: {
      tags: ['dashboard'],
      operationId: 'login',
      summary: 'Stores SYNC_API_TOKEN in a cookie',
      body: z.object({ token: z.string().max(1000) }),
      response: { 204: z.null(), ...errors(400, 401, 429) },
    },
    handler: async (request, reply) => {
      if (token !== undefined) {
        const refusal = guesses.refusal(request);
        if (refusal !== null) throw refusal;
        if (!isSameSecret(request.body.token, token)) {
          guesses.record(request, request.body.token);
          throw new SyncError('UNAUTHORIZED', 'the token is wrong');
        }
        void reply.header('set-cookie', cookie(Buffer.from(token).toString('base64url'), request));
      }
      return reply.code(204).send(null);
    },
  });
  typed.route({
    method: 'DELETE',
    url: '/api/login/',
    config: { access: 'browser' },
    schema: {
      tags: ['dashboard'],
      operationId: 'logout',
      summary: 'Deletes the cookie',
      response: { 204: z.null(), ...errors(401) },
    },
    handler: async (request, reply) => reply.header('set-cookie', cookie('', request)).code(204).send(null),
  });
}

/**
 * `Secure` unless the browser itself says that the page was loaded over plain HTTP: then it would not keep the
 * cookie. A proxy's header can only add the attribute.
 */
function cookie(value: string, request: FastifyRequest): string {
  const { origin, 'x-forwarded-proto': proto } = request.headers;
  const isClear = origin?.startsWith('http://') === true && proto !== 'https';
  const age = value === '' ? 0 : THIRTY_DAYS;
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${isClear ? '' : '; Secure'}`;
}
