import Fastify, { type FastifyInstance } from 'fastify';
import { databaseIsSilent, withinDeadline } from '../deadline.ts';
import { httpLimits } from '../process/http-limits.ts';
import { livenessAnswer, readinessAnswer } from '../process/probe-answers.ts';
import { withoutAjv } from '../process/without-ajv.ts';

const LOOK_MS = 3000;

/** The worker's own `/livez`, `/readyz` and `/metrics` on METRICS_PORT, in the same form as the API's. */
export function buildProbes(options: {
  /** why this process cannot use the database's schema, or null; rejects while the database is unavailable */
  schemaFault: () => Promise<string | null>;
  /** whether it polls Temporal for tasks */
  isPolling: () => boolean;
  metrics: () => Promise<string>;
}): FastifyInstance {
  const app = Fastify({ ...httpLimits, ...withoutAjv, routerOptions: { ignoreTrailingSlash: true } });
  app.get('/livez', livenessAnswer);
  app.get('/readyz', async (_request, reply) => {
    const database = await withinDeadline(LOOK_MS, options.schemaFault(), databaseIsSilent).then(
      (fault) => ({ database: 'up', schema: fault ?? 'current' }),
      () => ({ database: 'down', schema: 'unknown' }),
    );
    const dependencies = { ...database, temporal: options.isPolling() ? 'up' : 'down' };
    const ready = dependencies.schema === 'current' && dependencies.temporal === 'up';
    return reply.code(ready ? 200 : 503).send(readinessAnswer(ready, dependencies));
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await options.metrics()),
  );
  return app;
}
