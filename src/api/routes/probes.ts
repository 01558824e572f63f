import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readDependencies } from '../../db/queries/dependencies.ts';
import { readReadings } from '../../db/queries/readings.ts';
import { version } from '../../version.ts';
import type { ApiDeps } from '../deps.ts';
import { renderReadings } from '../metrics.ts';

const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  dependencies: z.object({
    database: z.enum(['up', 'down']),
    schema: z.string().describe('`current`, or what is wrong with it'),
    temporal: z.enum(['up', 'down', 'unknown']),
    github: z.enum(['up', 'down', 'limited', 'unknown']),
  }),
});

type Dependencies = z.infer<typeof readiness>['dependencies'];

/** What orchestrators and Prometheus ask. */
export function registerProbes(app: FastifyInstance, deps: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/livez',
    config: { door: 'open' },
    schema: {
      tags: ['operation'],
      summary: 'The process is alive',
      response: { 200: z.object({ status: z.literal('alive'), version: z.string() }) },
    },
    handler: () => ({ status: 'alive' as const, version }),
  });
  typed.route({
    method: 'GET',
    url: '/readyz',
    config: { door: 'open' },
    schema: {
      tags: ['operation'],
      summary: 'Deliveries can be made durable',
      response: { 200: readiness, 503: readiness },
    },
    handler: async (request, reply) => {
      const dependencies = await lookAround(deps).catch((error: unknown): Dependencies => {
        request.log.warn({ reason: String(error) }, 'not ready');
        return { database: 'down', schema: 'unknown', temporal: 'unknown', github: 'unknown' };
      });
      const ready = dependencies.database === 'up' && dependencies.schema === 'current';
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? ('ready' as const) : ('not ready' as const), dependencies });
    },
  });
  typed.route({
    method: 'GET',
    url: '/metrics',
    config: { door: 'loopback' },
    schema: { tags: ['operation'], summary: 'Prometheus metrics', produces: ['text/plain'] },
    handler: async (request, reply) => {
      const own = await deps.metrics.registry.metrics();
      const state = await readReadings(deps.db)
        .then(renderReadings)
        .catch((error: unknown) => {
          // The process's own numbers matter most just when the database is away.
          request.log.warn({ reason: String(error) }, 'metrics without those of the database');
          return '';
        });
      return reply.type(deps.metrics.registry.contentType).send(`${own}\n${state}`);
    },
  });
}

async function lookAround({ db, schemaFault }: ApiDeps): Promise<Dependencies> {
  const fault = await schemaFault();
  if (fault !== null) return { database: 'up', schema: fault, temporal: 'unknown', github: 'unknown' };
  return { database: 'up', schema: 'current', ...(await readDependencies(db)) };
}
