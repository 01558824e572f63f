import { randomUUID } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { sql } from 'kysely';
import { createSweepActivities } from '../../src/activities/sweep-activities.ts';
import { sqlOf, type Sql } from '../../src/db/orm.ts';
import { openJob } from '../../src/db/jobs/write-jobs.ts';
import { createLimitLedger } from '../../src/db/installations/limit-ledger.ts';
import { SyncError } from '../../src/errors.ts';
import { createGitHub, type GitHubOptions } from '../../src/github/client.ts';
import { createLogger } from '../../src/logger.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { compareInstallation } from '../../src/sync/installation/compare-installation.ts';
import { introduceRepository } from '../../src/sync/deliveries/introduce-repository.ts';
import type { SyncDependencies, SyncOutcome, SyncRequest } from '../../src/sync/context/sync-request.ts';
import { syncRepository } from '../../src/sync/repository/sync-repository.ts';
import { drainQueue } from '../../src/sync/installation/drain-queue.ts';
import type { Between } from './between.ts';
import { createTestDatabase, createTestOrm } from './database.ts';
import { createImportedWorld, type ImportedWorld } from './mirror/imported-world.ts';
import { inActivity } from './mirror/in-activity.ts';
import { patiently } from './mirror/patiently.ts';
import { populate } from './mirror/populate.ts';
import { listenForDeliveries } from './inbox.ts';
import { differencesFromGitHub } from './mirror-differences.ts';
import { privateKey } from './private-key.ts';

/** More than any round takes on a busy machine: where one is to end early, the test says so. */
const ROUND_MS = 120_000;

/** The sync core without Temporal: a sandbox GitHub, an inbox, a database, and what the workflows would call. */
export interface Mirror {
  sandbox: Sandbox;
  control: Sandbox['control'];
  /** of the App on `acme` */
  installationId: number;
  orm: SyncDependencies['orm'];
  db: Sql;
  github: SyncDependencies['github'];
  jobId: string;
  deps: SyncDependencies;
  /** Rows of a statement. */
  rows<Row>(statement: string): Promise<Row[]>;
  /** Waits until what GitHub sent is in the inbox, and processes the inbox; what was postponed is due at once. */
  work(): Promise<void>;
  /** One round of one repository. */
  sync(repositoryId: number, request?: Partial<SyncRequest>): Promise<SyncOutcome>;
  /** What a sweep does; `log: false` leaves the App's delivery log unread. */
  sweep(options?: { log?: boolean; freshForMs?: number }): Promise<void>;
  /** The complete comparison of everything; how many rows it repaired. */
  verify(): Promise<number>;
  close(): Promise<void>;
}

interface Started extends Mirror, ImportedWorld {
  /** as `close`, but its database is left */
  stop(): Promise<void>;
}

export interface MirrorOptions {
  /** false: nothing is imported yet */
  imported?: boolean;
  sandbox?: SandboxOptions;
  github?: Partial<GitHubOptions>;
  /** kinds that are left out */
  skippedKinds?: ReadonlySet<string>;
  /** the product asks through it */
  between?: Between;
}

/** Starts one and imports what is there since yesterday (`populate`). */
export async function startMirror(options: MirrorOptions = {}): Promise<Mirror> {
  const { imported = true, between, ...others } = options;
  const isUsual = imported && Object.keys(others).length === 0 && !between?.alter;
  return start(options, isUsual ? await importedWorld.next() : null);
}

/** The usual world is imported once for all tests of a file but the first: they begin with copies of its database. */
const importedWorld = createImportedWorld(async () => {
  const mirror = await start({}, null);
  await mirror.stop();
  return mirror;
});
afterAll(() => importedWorld.drop());

async function start(options: MirrorOptions, world: ImportedWorld | null): Promise<Started> {
  const database = await createTestDatabase(world?.database.name);
  const orm = createTestOrm(database.url, 10);
  const db = sqlOf(orm);
  const inbox = await listenForDeliveries(db);
  const sandbox = await createSandbox({
    privateKey,
    webhookUrl: inbox.url,
    secondaryLimits: false,
    ...options.sandbox,
  });
  const { control } = sandbox;
  if (options.between) options.between.target = sandbox.url;
  const github = createGitHub({
    appId: sandbox.appId,
    privateKey,
    apiUrl: options.between?.url ?? sandbox.url,
    ledger: createLimitLedger(orm),
    timeoutMs: 10_000,
    retryBaseMs: 2,
    ...options.github,
  });
  const log = createLogger('test', 'silent');
  // Impatient: what contradicts an announcement is taken as it is within milliseconds.
  const deps: SyncDependencies = {
    orm,
    github,
    log,
    consistencyDelaysMs: [5, 20, 40],
    skippedKinds: options.skippedKinds ?? new Set(),
  };
  const jobId = world?.jobId ?? randomUUID();
  if (world === null)
    await openJob(db, {
      id: jobId,
      job_type: 'repository_sync',
      trigger: 'manual',
      installation_id: null,
      repository_id: null,
      workflow_id: 'test',
      run_id: 'test',
      temporal_url: null,
    });
  // Old enough that nothing of it is read again only because it is recent.
  const yesterday = world?.yesterday ?? Math.floor(Date.now() / 1000) - 86_400;
  sandbox.world.clock.freeze(yesterday);
  const installation = sandbox.world.silently(() => populate(control));
  sandbox.world.clock.run();

  async function rows<Row>(statement: string): Promise<Row[]> {
    return (await sql<Row>`${sql.raw(statement)}`.execute(db)).rows;
  }

  async function sync(repositoryId: number, request: Partial<SyncRequest> = {}): Promise<SyncOutcome> {
    return syncRepository(deps, {
      repositoryId,
      jobId,
      owner: 'test',
      scope: 'compare',
      mode: 'incremental',
      shouldProbe: true,
      deadline: Date.now() + ROUND_MS,
      ...request,
    });
  }

  async function workRepository(id: number): Promise<void> {
    await patiently(async () => {
      if (!(await introduceRepository(deps, id))) return;
      const request = { scope: 'deliveries', shouldProbe: false } as const;
      while ((await sync(id, request)).state === 'unfinished');
    });
  }

  async function workInstallation(installationId: number, freshForMs: number): Promise<void> {
    const outcome = await patiently(() => compareInstallation(deps, { installationId, jobId, freshForMs }));
    if (outcome.state !== 'live') return;
    for (let round = 0; ; round += 1) {
      const rest = await drainQueue(deps, {
        installationId,
        jobId,
        owner: 'test',
        budgetMs: ROUND_MS,
        onProgress: () => undefined,
      });
      if (rest.stopped) throw new SyncError(rest.stopped.code, rest.stopped.message);
      if (rest.remaining === 0) return;
      if (round === 20) throw new Error(`${rest.remaining} repositories are left`);
      await rows(`update repository_sync set wanted_after = now() where wanted_after > now()`);
    }
  }

  async function work(): Promise<void> {
    await control.deliveriesDone({});
    for (let round = 0; round < 20; round += 1) {
      const pending = await rows<{ installation_id: number | null; repository_id: number | null }>(
        `select distinct installation_id, repository_id from webhook_deliveries where status = 'pending'
         order by repository_id nulls first`,
      );
      if (pending.length === 0) return;
      await rows(
        `update webhook_deliveries set retry_at = now() where status = 'pending' and retry_at > now()`,
      );
      for (const { installation_id, repository_id } of pending) {
        if (repository_id !== null) await workRepository(repository_id);
        else if (installation_id !== null) await workInstallation(installation_id, 0);
      }
    }
    throw new Error('the inbox does not become empty');
  }

  const activities = createSweepActivities({
    ...deps,
    sweepIntervalMs: 1,
    verifyIntervalMs: 1e12,
    freshForMs: 0,
    dashboardUrl: null,
    temporalUrl: () => null,
    wakeImport: () => Promise.resolve(),
    reapJob: () => Promise.resolve('running'),
    wakeRepository: () => Promise.resolve(),
    searchAttributesExist: () => false,
  });

  async function sweep({ log: readLog = true, freshForMs = 0 } = {}): Promise<void> {
    await control.deliveriesDone({});
    if (readLog) await patiently(() => inActivity(() => activities.recoverDeliveries({ jobId })));
    await patiently(() => inActivity(() => activities.listInstallationsAtGitHub({ jobId })));
    const { ids } = await inActivity(() => activities.nextInstallations({ after: 0 }));
    for (const id of ids) await workInstallation(id, freshForMs);
    await work();
  }

  async function verify(): Promise<number> {
    await inActivity(() => activities.queueVerification({ everything: true }));
    await sweep();
    await inActivity(() => activities.concludeVerification());
    const [found] = await rows<{ healed: number }>(
      `select (value ->> 'rows_healed')::int as healed from system_state where name = 'verification'`,
    );
    return found?.healed ?? Number.NaN;
  }

  async function stop(): Promise<void> {
    await options.between?.close();
    await sandbox.close();
    await inbox.close();
    await orm.close(true);
  }

  if (world === null && options.imported !== false) await sweep({ log: false });
  // As an import would have left it, the client holds a token: nothing that is counted later asks for one.
  if (world !== null) await github.installation(installation.id).get('/installation/repositories?per_page=1');
  return {
    database,
    yesterday,
    stop,
    sandbox,
    control,
    installationId: installation.id,
    orm,
    db,
    github,
    jobId,
    deps,
    rows,
    work,
    sync,
    sweep,
    verify,
    close: async () => {
      await stop();
      await database.drop();
    },
  };
}

export const deliveryModes = ['delivered', 'delivered backwards', 'lost'] as const;

/**
 * Lets something happen at GitHub whose deliveries arrive, arrive one by one in the opposite order, or never (not
 * even in the log), and says what differs from GitHub before and after the next sweep. What was lost can only be
 * there after it.
 */
export async function applyAndCompare(
  mirror: Mirror,
  way: (typeof deliveryModes)[number],
  happen: () => unknown,
): Promise<{ before: string[]; after: string[] }> {
  const { control } = mirror;
  const fault =
    way === 'delivered' ? null : control.addDeliveryFault({ kind: way === 'lost' ? 'lose' : 'hold' });
  happen();
  if (fault !== null) control.removeDeliveryFault({ id: fault.id });
  for (let last = control.heldDeliveries({}).length - 1; last >= 0; last -= 1) {
    control.releaseDeliveries({ order: [last] });
    await mirror.work();
  }
  await mirror.work();
  const before = way === 'lost' ? [] : await differencesFromGitHub(mirror);
  await mirror.sweep();
  return { before, after: await differencesFromGitHub(mirror) };
}
