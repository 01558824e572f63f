import { randomUUID } from 'node:crypto';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { insertDeliveries } from '../db/deliveries/insert-deliveries.ts';
import { httpLimits, MAX_CONNECTIONS } from '../process/http-limits.ts';
import { withoutAjv } from '../process/without-ajv.ts';
import { allowOrigins } from './access/allow-origins.ts';
import { setAnswerHeaders } from './answer-headers.ts';
import type { ApiDeps } from './deps.ts';
import { registerAccessControl } from './access/access-control.ts';
import { SyncError } from '../errors.ts';
import { answerError, answerUnknownRoute } from './error-handler.ts';
import { HANDLER_MS } from './handler-limit.ts';
import { createGuessLimit } from './access/guess-limit.ts';
import { registerLogin } from './access/login-route.ts';
import { measureRequests } from './metrics.ts';
import { registerDocumentation } from './register-documentation.ts';
import { createDeliveryWriter } from './receiver/delivery-writer.ts';
import { registerWebhook } from './receiver/webhook-route.ts';
import { registerAnalytics } from './routes/analytics.ts';
import { registerDashboard } from './routes/dashboard/register-dashboard.ts';
import { registerDeliveries } from './routes/deliveries.ts';
import { registerHealth } from './routes/health.ts';
import { registerJobs } from './routes/jobs.ts';
import { registerPullRequests } from './routes/pull-requests.ts';
import { registerProbes } from './routes/probes.ts';
import { registerSync } from './routes/sync.ts';
import { registerStaticFiles } from './static/register-static-files.ts';

/**
 * The HTTP API (docs/reference.md, "HTTP"), ready to listen or for `inject`. Closing it waits for answers in
 * progress.
 */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const { settings, db, metrics } = deps;
  const loggerInstance: FastifyBaseLogger = deps.log;
  const app: FastifyInstance = fastify({
    ...httpLimits,
    ...withoutAjv,
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: answerError,
    // Apart from deliveries, bodies are short.
    bodyLimit: 64 * 1024,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  boundAnswers(app);
  setAnswerHeaders(app);
  // PostgreSQL's text cannot contain NUL, so an address with one cannot match anything.
  app.addHook('onRequest', (request, _reply, done) => {
    done(
      request.url.includes('%00')
        ? new SyncError('BAD_REQUEST', 'an address must not contain NUL')
        : undefined,
    );
  });
  measureRequests(app, metrics.registry);
  await allowOrigins(app, settings.allowedOrigins ?? []);
  const guesses = createGuessLimit();
  registerAccessControl(app, settings.token, guesses);
  await registerDocumentation(app, settings.token === undefined);
  const writer = createDeliveryWriter((deliveries) => insertDeliveries(db, deliveries));
  registerWebhook(app, { secrets: settings.webhookSecrets, writer, wake: deps.wake, metrics });
  registerSync(app, deps);
  registerJobs(app, deps);
  registerDeliveries(app, deps);
  registerHealth(app, deps);
  registerAnalytics(app, deps);
  registerPullRequests(app, deps);
  registerProbes(app, deps);
  registerLogin(app, settings.token, guesses);
  registerDashboard(app, deps);
  if (settings.setupFolder !== undefined) {
    const { registerSetup } = await import('./routes/setup.ts');
    registerSetup(app, settings.setupFolder);
  }
  const answerPage = registerStaticFiles(app);
  app.setNotFoundHandler((request, reply) => {
    if (!answerPage(request, reply)) answerUnknownRoute(request, reply);
  });
  return app;
}

/**
 * Sets a time limit on every route except those that bound themselves. Fastify's own mechanism (an abort
 * signal, aborted with a stack trace at the end of every request) took a tenth of the time of receiving
 * deliveries.
 */
function boundAnswers(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.isBounded !== true) route.handlerTimeout ??= HANDLER_MS;
  });
}
