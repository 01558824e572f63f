import { Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { dashboardUrl } from './worker/dashboard-url.ts';
import { createOrm, sqlOf, type Orm } from './db/orm.ts';
import { complaintLine } from './db/database-troubles.ts';
import { createPoolWatch } from './db/pool-watch.ts';
import { schemaFault, writableSchemaFault } from './db/schema-version.ts';
import { assertBoundApp } from './db/system-state/bound-app.ts';
import { createLimitLedger } from './db/installations/limit-ledger.ts';
import { recordReachability } from './db/system-state/record-reachability.ts';
import { errorTable, SyncError } from './errors.ts';
import { createGitHub } from './github/client.ts';
import { logEndedJob } from './log-ended-job.ts';
import { createLogger, type Logger } from './logger.ts';
import type { Trigger } from './model.ts';
import { POOL_SIZES } from './db/pool-sizes.ts';
import { endWhenStuck } from './process/end-when-stuck.ts';
import { growHeapSlowly } from './process/grow-heap-slowly.ts';
import { reasonOf } from './process/reason-of.ts';
import { repeat } from './process/repeat.ts';
import { StartError } from './process/run-role.ts';
import { stopSignal } from './process/stop-signal.ts';
import { startWatchdog } from './process/watchdog.ts';
import { followDeliveryLog, type DeliveryLogDependencies } from './sync/delivery-log/follow-delivery-log.ts';
import { CONSISTENCY_DELAYS_MS } from './sync/poll-until-consistent.ts';
import { callTemporal } from './temporal/call.ts';
import { connectTemporal } from './temporal/connect.ts';
import { loadSettings } from './temporal/load-settings.ts';
import { temporalUrl } from './temporal/temporal-url.ts';
import { wake, type WakeTarget } from './temporal/wake.ts';
import { connectWorker } from './worker/connect-worker.ts';
import { correctTimes } from './worker/correct-times.ts';
import { deleteExpiredRows } from './worker/delete-expired-rows.ts';
import { createWorkerMetrics } from './worker/metrics.ts';
import { prepareTemporal, type Prepared } from './worker/prepare-temporal.ts';
import { buildProbes } from './worker/probes.ts';
import { reapJob, reapJobs } from './worker/reap-jobs.ts';
import { runtimeLogger } from './worker/runtime-logger.ts';
import { workflowBundle } from './worker/workflow-bundle.ts';
import { TASK_QUEUE } from './workflows/messages.ts';

/** Concurrent activities. */
const ACTIVITIES = 32;
/**
 * How long running activities may take to end at shutdown; docker-compose waits longer than both grace periods
 * together.
 */
const GRACE = '20s';
const FORCE = '28s';
const REAP_EVERY_MS = 15_000;
const PREPARE_EVERY_MS = 60_000;
const EXPIRE_EVERY_MS = 10 * 60_000;
const CORRECT_EVERY_MS = 60_000;
const REACHABLE_EVERY_MS = 15_000;
/**
 * A statement over a whole repository may take nine minutes (`allowLongStatements`), on every connection at
 * once.
 */
const POOL_STUCK_MS = 10 * 60_000;
const WAKE_DEADLINE_MS = 5000;

/**
 * The worker role's composition root. Resolves with the exit code.
 *
 * @throws StartError, ConfigurationError if it cannot start
 */
export async function runWorker(env: NodeJS.ProcessEnv): Promise<number> {
  const role = await startRole(env);
  const { settings, log, stop } = role;
  const connection = await connectWorker(settings, log, stop);
  if (connection !== null) {
    const worker = await makeReady(role, connection);
    const repeated = repeatWork(role);
    await runUntilStopped(role, worker);
    await Promise.all(repeated);
    await connection.close();
  }
  await stopRole(role);
  return 0;
}

/** Starts everything except the worker itself; its probes answer from now on. */
async function startRole(env: NodeJS.ProcessEnv) {
  const { config, temporal: settings } = loadSettings('worker', env);
  const log = createLogger('worker', config.LOG_LEVEL);
  const stop = stopSignal();
  startWatchdog('worker');
  const pool = createPoolWatch(config.DATABASE_URL, POOL_STUCK_MS);
  const orm = createOrm({
    databaseUrl: config.DATABASE_URL,
    poolSize: POOL_SIZES.worker,
    name: 'worker',
    onAcquire: pool.recordAcquired,
  });
  await assertDatabase(orm, config.GITHUB_APP_ID);
  Runtime.install({
    logger: runtimeLogger(log),
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: 'WARN' } },
  });

  const metrics = createWorkerMetrics();
  const github = createGitHub({
    appId: config.GITHUB_APP_ID,
    privateKey: config.GITHUB_APP_PRIVATE_KEY,
    apiUrl: config.GITHUB_API_URL,
    ledger: createLimitLedger(orm),
    onReachable: createReachability(orm, metrics.countAnswer, log),
  });
  const temporal = connectTemporal(settings);
  const prepared: Prepared = { searchAttributes: false };
  const running: { worker?: Worker } = {};
  const probes = buildProbes({
    schemaFault: () => writableSchemaFault(orm.em.fork()),
    isPolling: () => running.worker?.getState() === 'RUNNING',
    metrics: () => metrics.render(github),
  });
  if (config.METRICS_PORT !== undefined) {
    try {
      await probes.listen({ host: config.HOST, port: config.METRICS_PORT });
    } catch (error) {
      throw new StartError(`cannot listen on METRICS_PORT ${config.METRICS_PORT}: ${reasonOf(error)}`);
    }
  }
  void endWhenStuck(log, stop, () => pool.isStuck(sqlOf(orm)));
  return { config, settings, log, stop, orm, github, metrics, temporal, prepared, running, probes };
}

type Role = Awaited<ReturnType<typeof startRole>>;

/** @throws StartError if the database does not answer, is not migrated, or belongs to another App */
async function assertDatabase(orm: Orm, appId: number): Promise<void> {
  const fault = await schemaFault(orm.em.fork()).catch((error: unknown) => {
    throw new StartError(complaintLine(error) ?? reasonOf(error));
  });
  if (fault !== null) throw new StartError(fault);
  await assertBoundApp(sqlOf(orm), appId).catch((error: unknown) => {
    throw error instanceof SyncError
      ? new StartError(`${error.code}: ${error.message}. ${errorTable[error.code].advice}`)
      : error;
  });
}

/** What comparisons need, in activities and in the periodic tasks. */
function comparingOf({ config, orm, github, log }: Role) {
  return {
    orm,
    github,
    log,
    consistencyDelaysMs: CONSISTENCY_DELAYS_MS,
    skippedKinds: config.SYNC_SKIP,
  };
}

/** Wakes a workflow, within a time limit for Temporal's answer. */
async function wakeWithin({ temporal }: Role, target: WakeTarget, trigger: Trigger): Promise<void> {
  await callTemporal(temporal.client, WAKE_DEADLINE_MS, () => wake(temporal.client, target, trigger));
}

/** Creates the worker with its activities, ready to run. */
async function makeReady(role: Role, connection: NativeConnection): Promise<Worker> {
  const { config, settings, prepared, running, orm, temporal, log } = role;
  running.worker = await createWorker(connection, settings.namespace, {
    ...comparingOf(role),
    sweepIntervalMs: config.SYNC_INTERVAL,
    verifyIntervalMs: config.SYNC_VERIFY_INTERVAL,
    freshForMs: config.SYNC_FRESH_FOR,
    dashboardUrl: dashboardUrl(config.GITHUB_WEBHOOK_URL),
    temporalUrl: (run) => temporalUrl({ url: config.TEMPORAL_UI_URL, namespace: settings.namespace }, run),
    wakeImport: ({ id, label }, trigger) =>
      wakeWithin(role, { kind: 'installation', id, installationId: id, label }, trigger),
    wakeRepository: (repository, trigger) => wakeWithin(role, { kind: 'repository', ...repository }, trigger),
    reapJob: (job) => reapJob(orm, temporal.client, job, undefined, (ended) => logEndedJob(log, ended)),
    searchAttributesExist: () => prepared.searchAttributes,
  });
  return running.worker;
}

/** The role's periodic tasks, until it is stopped. */
function repeatWork(role: Role): Promise<void>[] {
  const { config, log, stop, orm, metrics, temporal, prepared } = role;
  const retention = { webhook_deliveries: config.RETENTION_DELIVERIES, sync_jobs: config.RETENTION_JOBS };
  // Requests to Temporal are not awaited at the end: it may no longer answer.
  const keepOn = (pauseMs: number, what: string, turn: () => Promise<void>) =>
    repeat(
      pauseMs,
      stop,
      () => temporal.client.connection.withAbortSignal(stop, turn),
      (error) => {
        if (!stop.aborted) log.warn({ what, err: error }, 'a periodic task failed');
      },
    );
  const repeated = [
    // Repeated so that a wiped namespace gets its schedule back without a restart.
    keepOn(PREPARE_EVERY_MS, 'to prepare Temporal', () =>
      prepareTemporal(temporal.client, config.SYNC_INTERVAL, log, prepared),
    ),
    keepOn(REAP_EVERY_MS, 'to end abandoned jobs', async () => {
      metrics.countReaped(await reapJobs(orm, temporal.client, undefined, (job) => logEndedJob(log, job)));
    }),
    keepOn(EXPIRE_EVERY_MS, 'to delete expired rows', async () => {
      const deleted = await deleteExpiredRows(orm, retention, stop);
      if (deleted.webhook_deliveries + deleted.sync_jobs > 0) log.info({ deleted }, 'expired rows deleted');
    }),
  ];
  repeated.push(
    keepOn(CORRECT_EVERY_MS, 'to correct times that lie ahead', async () => {
      const corrected = await correctTimes(orm, stop);
      if (corrected !== null) log.warn({ corrected }, "the database's clock was ahead and has been set back");
    }),
  );
  const intervalMs = config.SYNC_DELIVERY_LOG_INTERVAL;
  if (intervalMs !== undefined) {
    log.info({ intervalMs }, "reading deliveries from the App's delivery log");
    const wakeFor: DeliveryLogDependencies['wake'] = ({ kind, work }) =>
      wakeWithin(role, { kind, ...work }, 'webhook');
    repeated.push(followDeliveryLog({ ...comparingOf(role), intervalMs, wake: wakeFor }, stop));
  }
  return repeated;
}

/** Runs the worker until the role is stopped and its activities have ended. */
async function runUntilStopped({ settings, log, stop }: Role, worker: Worker): Promise<void> {
  // Stopped while the worker was being created: run it only to shut it down.
  if (stop.aborted) queueMicrotask(() => worker.shutdown());
  else stop.addEventListener('abort', () => worker.shutdown(), { once: true });
  // Not earlier: everything allocated while the program loads is meant to stay.
  growHeapSlowly();
  log.info({ taskQueue: TASK_QUEUE, namespace: settings.namespace }, 'working');
  await worker.run();
}

async function stopRole({ probes, temporal, orm, log }: Role): Promise<void> {
  await probes.close();
  await temporal.close();
  await orm.close(true);
  log.info('stopped');
}

async function createWorker(
  connection: NativeConnection,
  namespace: string,
  deps: Parameters<typeof createActivities>[0],
): Promise<Worker> {
  const bundle = await workflowBundle();
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: bundle,
    activities: createActivities(deps),
    maxConcurrentActivityTaskExecutions: ACTIVITIES,
    maxCachedWorkflows: 500,
    // An activity learns of its cancellation from a heartbeat; without this limit the SDK delays heartbeats by
    // up to 12 s.
    maxHeartbeatThrottleInterval: '5s',
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
  });
}

/** Reports to health whether GitHub answers: at once if that changes, otherwise now and then. */
function createReachability(orm: Orm, count: (reachable: boolean) => void, log: Logger) {
  let told: boolean | undefined;
  let toldAt = 0;
  return (reachable: boolean): void => {
    count(reachable);
    if (reachable === told && Date.now() - toldAt < REACHABLE_EVERY_MS) return;
    told = reachable;
    toldAt = Date.now();
    recordReachability(sqlOf(orm), 'github', reachable).catch((error: unknown) =>
      log.debug({ err: error }, 'reachability could not be recorded'),
    );
  };
}
