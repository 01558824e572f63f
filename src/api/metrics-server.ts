import { fastify, type FastifyInstance } from 'fastify';
import { httpLimits } from '../process/http-limits.ts';
import { withoutAjv } from '../process/without-ajv.ts';
import { answerMetrics, type MetricsDeps } from './routes/probes.ts';

/**
 * Serves `/metrics` without a token, on METRICS_PORT, for a Prometheus on the same network. It serves nothing
 * else.
 */
export function buildMetricsServer(deps: MetricsDeps): FastifyInstance {
  const app: FastifyInstance = fastify({
    ...httpLimits,
    ...withoutAjv,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.get('/metrics', (request, reply) => answerMetrics(request, reply, deps));
  return app;
}
