import Fastify, { type FastifyInstance } from 'fastify';
import { httpLimits } from '../http-limits.ts';
import { version } from '../version.ts';

/** The worker's own `/livez`, `/readyz` and `/metrics` on METRICS_PORT. */
export function buildProbes(options: {
  isReady: () => Promise<Record<string, boolean>>;
  metrics: () => Promise<string>;
}): FastifyInstance {
  const app = Fastify({ ...httpLimits, routerOptions: { ignoreTrailingSlash: true } });
  app.get('/livez', () => ({ status: 'ok', version }));
  app.get('/readyz', async (_request, reply) => {
    const dependencies = await options.isReady();
    const ready = Object.values(dependencies).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', ...dependencies });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await options.metrics()),
  );
  return app;
}
