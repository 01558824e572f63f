import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readPulse } from '../../../db/dashboard/pulse.ts';
import { matchesEtag } from '../../answer-headers.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors } from '../../schemas.ts';
import { shareFor } from '../share-for.ts';
import { pulseSchema } from './schemas.ts';

/**
 * How long all open dashboards share one result. Some of the values are sums over all repositories and
 * installations (20 ms for 10,000 of each). Together with the two seconds between polls, a change still shows
 * within the promised five seconds.
 */
const SHARED_MS = 1000;

/** `GET /api/dashboard/pulse/`: the cheap poll. 304 while nothing changed. */
export function registerPulse(app: FastifyInstance, { db, settings }: ApiDeps): void {
  const readShared = shareFor(SHARED_MS, () => readPulse(db));
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/dashboard/pulse/',
    schema: {
      hide: true,
      summary: 'Whether anything has changed: polled every two seconds with the ETag of the last answer',
      response: { 200: pulseSchema, 304: z.null(), ...errors(401, 503) },
    },
    handler: async (request, reply) => {
      const pulse = await readShared();
      const etag = `"${pulse.version}"`;
      void reply.header('etag', etag).header('cache-control', 'no-cache');
      if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send(null);
      return reply.code(200).send({
        ...pulse,
        github_url: settings.githubPages?.url ?? null,
        install_url: settings.githubPages?.installUrl ?? null,
      });
    },
  });
}
