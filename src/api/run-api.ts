import { once } from 'node:events';
import { CONNECTION_GRACE_MS, createOrm, sqlOf } from '../db/orm.ts';
import { complaintLine } from '../db/database-troubles.ts';
import { createPoolWatch } from '../db/pool-watch.ts';
import { createLargeCounts } from '../db/health/large-counts.ts';
import { schemaFault, writableSchemaFault } from '../db/schema-version.ts';
import { setupFolder, type Config } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { API_KEPT_OPEN, POOL_SIZES } from '../db/pool-sizes.ts';
import { collectOnceLoaded } from '../process/collect-once-loaded.ts';
import { growHeapSlowly } from '../process/grow-heap-slowly.ts';
import { endWhenStuck } from '../process/end-when-stuck.ts';
import { reasonOf } from '../process/reason-of.ts';
import { StartError } from '../process/run-role.ts';
import { stopSignal } from '../process/stop-signal.ts';
import { startWatchdog } from '../process/watchdog.ts';
import { connectTemporal } from '../temporal/connect.ts';
import { loadSettings } from '../temporal/load-settings.ts';
import { buildApp } from './app.ts';
import type { ApiSettings } from './deps.ts';
import { githubPages } from './github-pages.ts';
import { prepareHealth } from './prepare-health.ts';
import { DELIVERY_DEADLINE_MS } from './receiver/delivery-writer.ts';
import { createDispatch } from './dispatch/create-dispatch.ts';
import { buildMetricsServer } from './metrics-server.ts';
import { createMetrics } from './metrics.ts';

/** A stuck answer must not keep the process from exiting: Docker and Kubernetes kill it after 10 and 30 s. */
const STOP_GRACE_MS = 9000;
const ANSWER_GRACE_MS = 5000;
/**
 * A connection that does not answer is given up, with all older ones, before the delivery that waits for it: the next
 * delivery would otherwise wait for another of them.
 */
const STATEMENT_MS = DELIVERY_DEADLINE_MS - CONNECTION_GRACE_MS - 500;
/**
 * Eight times as long as a silent connection is waited for, on every connection: a pool that hands out none for that
 * long is stuck.
 */
const POOL_STUCK_MS = 60_000;

/**
 * The API role's composition root. Resolves with the exit code once it was told to stop.
 *
 * @throws StartError, ConfigurationError if it cannot start
 */
export async function runApi(env: NodeJS.ProcessEnv): Promise<number> {
  const { config, temporal: temporalSettings } = loadSettings('api', env);
  const log = createLogger('api', config.LOG_LEVEL);
  const stop = stopSignal();
  startWatchdog('api');
  const { orm, em, pool } = await openDatabase(config);
  const temporal = connectTemporal(temporalSettings);
  const { client } = temporal;
  const metrics = createMetrics();
  const db = sqlOf(orm);
  const counts = createLargeCounts(db);
  const dispatch = createDispatch({ db, client, metrics, log });
  const app = await buildApp({
    db,
    counts,
    schemaFault: () => writableSchemaFault(em),
    client,
    metrics,
    log,
    wake: dispatch.wake,
    settings: apiSettings(config, env),
  });
  const close = async () => {
    await app.close();
    await dispatch.close();
    await temporal.close();
    await orm.close(true);
  };
  try {
    await app.listen({ host: config.HOST, port: config.PORT });
  } catch (error) {
    await close();
    throw new StartError(`cannot listen on ${config.HOST}:${config.PORT}: ${reasonOf(error)}`);
  }
  const metricsServer = buildMetricsServer({
    db,
    counts,
    metrics,
    settings: { intervalMs: config.SYNC_INTERVAL },
  });
  if (config.METRICS_PORT !== undefined)
    await listenForMetrics(metricsServer, { host: config.HOST, port: config.METRICS_PORT }, log);
  // Not earlier: everything allocated while the program loads is meant to stay.
  growHeapSlowly();
  collectOnceLoaded();
  dispatch.start();
  log.info({ addresses: app.addresses() }, 'listening');
  void endWhenStuck(log, stop, () => pool.isStuck(db));
  void prepareHealth({ db, counts, log }, config);
  void warnOfOtherWebhook(config, log);
  if (!stop.aborted) await once(stop, 'abort');
  log.info({ signal: stop.reason }, 'stopping');
  // Answers in progress are waited for, but not a client that does not read its answer.
  setTimeout(() => app.server.closeAllConnections(), ANSWER_GRACE_MS).unref();
  setTimeout(() => process.exit(1), STOP_GRACE_MS).unref();
  await metricsServer.close();
  await close();
  log.info('stopped');
  return 0;
}

function apiSettings(config: Config, env: NodeJS.ProcessEnv): ApiSettings {
  return {
    webhookSecrets: config.GITHUB_WEBHOOK_SECRET,
    token: config.SYNC_API_TOKEN,
    allowedOrigins: config.SYNC_ALLOWED_ORIGINS,
    temporalUiUrl: config.TEMPORAL_UI_URL,
    githubPages: githubPages(config.GITHUB_API_URL, config.GITHUB_APP_SLUG),
    intervalMs: config.SYNC_INTERVAL,
    setupFolder: setupFolder(env),
    deliveryLogMs: config.SYNC_DELIVERY_LOG_INTERVAL,
    skippedKinds: config.SYNC_SKIP,
    freshForMs: config.SYNC_FRESH_FOR,
  };
}

/** @throws StartError if PostgreSQL does not answer, or has another schema */
async function openDatabase({ DATABASE_URL: databaseUrl }: Config) {
  const pool = createPoolWatch(databaseUrl, POOL_STUCK_MS);
  const orm = createOrm({
    databaseUrl,
    poolSize: POOL_SIZES.api,
    keptOpen: API_KEPT_OPEN,
    name: 'api',
    statementMs: STATEMENT_MS,
    onAcquire: pool.recordAcquired,
  });
  const em = orm.em.fork();
  const fault = await schemaFault(em).catch((error: unknown) => {
    throw new StartError(complaintLine(error) ?? reasonOf(error));
  });
  if (fault !== null) throw new StartError(fault);
  return { orm, em, pool };
}

async function listenForMetrics(
  server: ReturnType<typeof buildMetricsServer>,
  { host, port }: { host: string; port: number },
  log: Logger,
): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    // A worker on this machine may use the same .env and hold the port: deliveries matter more than metrics.
    log.warn({ port, reason: reasonOf(error) }, '/metrics could not be served on METRICS_PORT');
  }
}

/** An App has one webhook for all its repositories: if it leads elsewhere, nothing arrives here. */
async function warnOfOtherWebhook(config: Config, log: Logger): Promise<void> {
  if (config.GITHUB_WEBHOOK_URL === undefined) return;
  try {
    const { webhookMismatch } = await import('../setup/webhook-mismatch.ts');
    const found = await webhookMismatch(config);
    if (found !== null)
      log.warn(
        { ...found, run: 'npm run doctor -- --fix' },
        'GitHub delivers to an address other than GITHUB_WEBHOOK_URL',
      );
  } catch (error) {
    log.info({ reason: reasonOf(error) }, 'could not ask GitHub whether it delivers to GITHUB_WEBHOOK_URL');
  }
}
