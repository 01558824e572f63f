import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import { migrate } from '../src/db/migrate.ts';
import { createOrm } from '../src/db/orm.ts';
import { createLogger } from '../src/logger.ts';
import { freePort } from '../src/standalone/free-port.ts';
import type { PostgresServer } from '../src/standalone/postgres-server.ts';
import { startTemporal } from '../src/standalone/temporal-server.ts';
import { createRelay, type Relay } from '../test/support/relay.ts';
import { createNamespace } from '../test/support/temporal-namespace.ts';
import { createGitHub, type GitHub } from './github.ts';
import { cpuSecondsOf } from './process-usage.ts';
import type { TemporalOnPostgres } from './production-temporal.ts';
import { startProgram, type Program } from './program.ts';
import { resetStatements, writeStatements } from './statements.ts';

export interface StackOptions {
  /** how long each answer of GitHub takes */
  latencyMs?: number;
  /** which roles run; both unless given */
  roles?: ('api' | 'worker')[];
  env?: Record<string, string>;
  /** how many workers; one unless given */
  workers?: number;
  /** whether the roles reach PostgreSQL through `databaseRelay`, which costs time */
  relayDatabase?: boolean;
  /** the migration up to which the schema is brought; the newest unless given */
  schema?: string;
  /** fills the database before the roles start, which then find it as after a restart */
  fill?: (pool: Pool, databaseUrl: string) => Promise<void>;
}

/** The product as it runs in production, with nothing in it yet. */
export interface Stack {
  apiUrl: string;
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  pool: Pool;
  temporal: Client;
  github: GitHub;
  api: Program | undefined;
  worker: Program | undefined;
  /** Between the roles and PostgreSQL, where one is asked for; what a benchmark asks itself does not pass it. */
  databaseRelay: Relay | undefined;
  /** Starts another worker, with settings beside those of the stack. */
  startWorker: (env?: Record<string, string>) => Promise<Program>;
  /** Restarts the profile, if one is made: it covers what follows. */
  resetProfile: () => Promise<void>;
  /** Seconds of processor time so far. */
  cpu: () => { api: number; worker: number; postgres: number; temporal: number };
  /** Of each worker. */
  cpuOfWorkers: () => number[];
  stop: () => Promise<void>;
}

export interface Servers {
  postgres: Pick<PostgresServer, 'adminUrl'> & { child: { pid: number | undefined } };
  temporalProgram: string;
  /** where it runs on PostgreSQL, for all stacks; a development server for each unless given */
  temporal?: TemporalOnPostgres | undefined;
  folder: string;
  profile: boolean;
}

let stacks = 0;

/** Starts a stack on the PostgreSQL server of this run. */
export async function openStack(servers: Servers, options: StackOptions = {}): Promise<Stack> {
  const {
    latencyMs = 0,
    roles = ['api', 'worker'],
    env = {},
    workers = 1,
    relayDatabase = false,
    schema,
    fill,
  } = options;
  const name = `bench_${process.pid}_${(stacks += 1)}`;
  const folder = join(servers.folder, name);
  mkdirSync(folder, { recursive: true });
  const profileFolder = servers.profile ? folder : undefined;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const databaseUrl = await createDatabase(servers, { name, schema }, undo);
    const pool = openPool(databaseUrl, 4);
    undo.push(() => pool.end());
    await fill?.(pool, databaseUrl);
    if (servers.profile) {
      await resetStatements(pool);
      undo.push(() => writeStatements(pool, join(folder, 'statements.txt')));
    }
    const [apiPort, githubPort] = [await freePort(), await freePort()];
    const apiUrl = `http://127.0.0.1:${apiPort}`;
    const github = await startGitHub({ port: githubPort, latencyMs, apiUrl, folder, undo });
    const temporal = await openTemporal(servers, folder, undo);
    const connection = await Connection.connect({ address: temporal.address });
    undo.push(() => connection.close());
    const relay = relayDatabase ? await createRelay(() => [Number(new URL(databaseUrl).port)]) : undefined;
    if (relay !== undefined) undo.push(relay.close);
    const settings = {
      GITHUB_API_URL: github.url,
      GITHUB_APP_ID: github.appId,
      GITHUB_APP_PRIVATE_KEY: github.privateKey,
      GITHUB_WEBHOOK_SECRET: github.webhookSecret,
      DATABASE_URL: relay === undefined ? databaseUrl : throughRelay(databaseUrl, relay),
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ...env,
    };
    const start = async (role: 'api' | 'worker', own: Record<string, string>, port: number) => {
      const program = await startProgram({
        script: role,
        env: { ...settings, ...own },
        readyUrl: `http://127.0.0.1:${port}/readyz`,
        logFile: join(folder, `${role}-${port}.log`),
        profileFolder,
      });
      undo.push(program.stop);
      return program;
    };
    const startWorker: Stack['startWorker'] = async (own = {}) => {
      const port = await freePort();
      return start('worker', { METRICS_PORT: String(port), ...own }, port);
    };
    const running: Program[] = [];
    for (let at = 0; at < workers && roles.includes('worker'); at += 1) running.push(await startWorker());
    const [worker] = running;
    const api = roles.includes('api') ? await start('api', { PORT: String(apiPort) }, apiPort) : undefined;
    return {
      apiUrl,
      databaseUrl,
      temporalAddress: temporal.address,
      temporalNamespace: temporal.namespace,
      pool,
      temporal: new Client({ connection, namespace: temporal.namespace }),
      github,
      api,
      worker,
      databaseRelay: relay,
      startWorker,
      resetProfile: async () => {
        if (servers.profile) await resetStatements(pool);
      },
      cpu: () => ({
        api: api === undefined ? 0 : cpuSecondsOf(api.pid),
        worker: worker === undefined ? 0 : cpuSecondsOf(worker.pid),
        postgres: cpuSecondsOf(servers.postgres.child.pid ?? 0),
        temporal: temporal.pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0),
      }),
      cpuOfWorkers: () => running.map(({ pid }) => cpuSecondsOf(pid)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openTemporal(
  { temporal, temporalProgram }: Servers,
  folder: string,
  undo: (() => Promise<unknown>)[],
): Promise<{ address: string; namespace: string; pids: number[] }> {
  if (temporal !== undefined) return { ...temporal, namespace: await createNamespace(temporal.address) };
  const namespace = 'default';
  const { address, child, stop } = await startTemporal({
    program: temporalProgram,
    namespace,
    headless: true,
    logFile: join(folder, 'temporal.log'),
    print: () => undefined,
  });
  undo.push(stop);
  return { address, namespace, pids: [child.pid ?? 0] };
}

/** The end of a pool does not wait for its connections, which it lets go of at once; what they reach is stopped next. */
function openPool(connectionString: string, max: number): Pool {
  const pool = new Pool({ connectionString, max });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function throughRelay(databaseUrl: string, { port }: Relay): string {
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}

async function createDatabase(
  { postgres }: Servers,
  { name, schema }: { name: string; schema: string | undefined },
  undo: (() => Promise<unknown>)[],
): Promise<string> {
  const admin = openPool(postgres.adminUrl, 1);
  await admin.query(`create database ${name}`);
  undo.push(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  const url = new URL(postgres.adminUrl);
  url.pathname = `/${name}`;
  if (schema === undefined) await migrate(url.href, createLogger('migrate', 'warn'));
  else await migrateTo(url.href, schema);
  return url.href;
}

async function migrateTo(databaseUrl: string, to: string): Promise<void> {
  const orm = createOrm({ databaseUrl, poolSize: 1, name: 'migrate', statementMs: null });
  try {
    await orm.migrator.up({ to });
  } finally {
    await orm.close(true);
  }
}

interface GitHubOptions {
  port: number;
  latencyMs: number;
  apiUrl: string;
  folder: string;
  undo: (() => Promise<unknown>)[];
}

async function startGitHub({ port, latencyMs, apiUrl, folder, undo }: GitHubOptions): Promise<GitHub> {
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(folder, 'github.log');
  const program = await startProgram({
    script: 'sandbox',
    args: [
      ['--port', String(port), '--latency', String(latencyMs), '--life', '0'],
      ['--empty', '--no-secondary-limits', '--webhook', `${apiUrl}/api/github/webhook/`],
    ].flat(),
    readyUrl: `${url}/_sandbox/`,
    logFile,
  });
  undo.push(program.stop);
  // It prints the settings that the product needs.
  const printed = readFileSync(logFile, 'utf8');
  const setting = (name: string): string => new RegExp(`^${name}="?([^"\n]+)`, 'm').exec(printed)?.[1] ?? '';
  return createGitHub({
    url,
    appId: setting('GITHUB_APP_ID'),
    privateKey: setting('GITHUB_APP_PRIVATE_KEY').replaceAll(String.raw`\n`, '\n'),
    webhookSecret: setting('GITHUB_WEBHOOK_SECRET'),
  });
}
