/** The control API over HTTP: `GET /_sandbox/` lists the actions, `POST /_sandbox/<action>` performs one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { SandboxParts } from '../sandbox-parts.ts';
import { WorldError } from '../world/errors.ts';
import { actions } from './control.ts';
import { overview } from './overview.ts';
import { listing, pathOf } from './listing.ts';

/** Puts the control API on the server. */
export function registerControl(server: FastifyInstance, sandbox: SandboxParts): void {
  server.get('/_sandbox', (_request, reply) => reply.redirect('/_sandbox/'));
  server.get('/_sandbox/', (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(listing(sandbox.address)),
  );
  server.get('/_sandbox/world', () => overview(sandbox.world));
  server.get('/_sandbox/stats', () => sandbox.journal.stats());
  server.get<{ Querystring: { limit?: string } }>('/_sandbox/requests', ({ query }) =>
    sandbox.journal.latest(Number(query.limit ?? 100)),
  );
  server.get('/_sandbox/faults', () => ({
    rules: sandbox.faults.list(),
    settings: sandbox.faults.settings,
    triggers: sandbox.triggers.list(),
    deliveries: sandbox.hooks.faults.list(),
  }));
  for (const [name, action] of Object.entries(actions)) {
    server.post(pathOf(name), { onRequest: refusePages }, async (request, reply) => {
      try {
        return await reply.send(await action.answer(sandbox, request.body ?? {}));
      } catch (error) {
        if (error instanceof WorldError) return reply.code(error.status).send({ message: error.message });
        if (error instanceof ZodError)
          return reply.code(400).send({ message: 'invalid input', issues: error.issues });
        throw error;
      }
    });
  }
}

/**
 * Programs drive it, no page does. A page of any site may send a form or text to a server on this machine without
 * asking it first, but browsers say that a page did.
 */
async function refusePages({ headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin === undefined && site === 'none') return;
  await reply.code(403).send({ message: 'the control API is for programs, not for pages' });
}
