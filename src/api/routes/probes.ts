import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readDependencies } from '../../db/health/dependencies.ts';
import { readGauges } from '../../db/health/gauges.ts';
import { databaseIsSilent, withinDeadline } from '../../deadline.ts';
import { livenessAnswer, readinessAnswer } from '../../process/probe-answers.ts';
import { reasonOf } from '../../process/reason-of.ts';
import { shareFor } from './share-for.ts';
import type { ApiDeps } from '../deps.ts';
import { renderGauges } from '../metrics.ts';
import { errors } from '../schemas.ts';

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

/** Open to everybody, so the database is queried at most once a second, however many requests there are. */
const LOOK_EVERY_MS = 1000;
const LOOK_MS = 3000;
const GAUGES_MS = 5000;

/** The endpoints for orchestrators and Prometheus. */
export function registerProbes(app: FastifyInstance, deps: ApiDeps): void {
  const dependencyStates = shareFor(LOOK_EVERY_MS, () =>
    withinDeadline(LOOK_MS, readDependencyStates(deps), databaseIsSilent),
  );
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/livez',
    config: { access: 'public' },
    schema: {
      tags: ['operation'],
      operationId: 'getLiveness',
      summary: 'The process is alive',
      response: { 200: z.object({ status: z.literal('alive'), version: z.string() }) },
    },
    handler: livenessAnswer,
  });
  typed.route({
    method: 'GET',
    url: '/readyz',
    config: { access: 'public' },
    schema: {
      tags: ['operation'],
      operationId: 'getReadiness',
      summary: 'Deliveries can be made durable',
      response: { 200: readiness, 503: readiness },
    },
    handler: async (request, reply) => {
      const dependencies = await dependencyStates().catch((error: unknown): Dependencies => {
        request.log.warn({ reason: reasonOf(error) }, 'not ready');
        return { database: 'down', schema: 'unknown', temporal: 'unknown', github: 'unknown' };
      });
      const ready = dependencies.database === 'up' && dependencies.schema === 'current';
      return reply.code(ready ? 200 : 503).send(readinessAnswer(ready, dependencies));
    },
  });
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: {
      tags: ['operation'],
      operationId: 'getMetrics',
      summary: 'Prometheus metrics',
      response: {
        200: {
          description: "this process's metrics, and the database's if it answers",
          content: { 'text/plain': { schema: z.string() } },
        },
        ...errors(401),
      },
    },
    handler: (request, reply) => answerMetrics(request, reply, deps),
  });
}
/** The sources of `/metrics`. */
export type MetricsDeps = Pick<ApiDeps, 'db' | 'counts' | 'metrics'> & {
  settings: Pick<ApiDeps['settings'], 'intervalMs'>;
};

/** `/metrics`: the process's own metrics, and the database's if it answers. */
export async function answerMetrics(
  request: FastifyRequest,
  reply: FastifyReply,
  { db, counts, metrics, settings }: MetricsDeps,
): Promise<FastifyReply> {
  const own = await metrics.registry.metrics();
  const state = await withinDeadline(GAUGES_MS, readGauges(db, counts, settings.intervalMs), databaseIsSilent)
    .then(renderGauges)
    .catch((error: unknown) => {
      // The process's own metrics matter most when the database is unavailable.
      request.log.warn({ reason: reasonOf(error) }, 'metrics without those of the database');
      return '';
    });
  return reply.type(metrics.registry.contentType).send(`${own}\n${state}`);
}

async function readDependencyStates({ db, schemaFault }: ApiDeps): Promise<Dependencies> {
  const fault = await schemaFault();
  if (fault !== null) return { database: 'up', schema: fault, temporal: 'unknown', github: 'unknown' };
  return { database: 'up', schema: 'current', ...(await readDependencies(db)) };
}
