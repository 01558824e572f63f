import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { cacheFolder } from '../src/standalone/cache-folder.ts';
import { startChild } from '../src/standalone/child.ts';
import { isPortFree } from '../src/standalone/free-port.ts';
import { startPostgres } from '../src/standalone/postgres-server.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const START_LIMIT_MS = 180_000;
const SERVICES = ['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'];
/** Its hosts find each other by ports in a column for numbers below 32,768, below those that systems give away. */
const PORTS = { from: 20_000, to: 32_000 };

export interface TemporalOnPostgres {
  address: string;
  /** of the server and of its PostgreSQL */
  pids: number[];
  /** its PostgreSQL's, to be removed after it was stopped */
  dataDir: string;
  stop: () => Promise<void>;
}

/**
 * Temporal's server on a durable PostgreSQL of its own, with the version, shards, connections and dynamic configuration of
 * docker-compose.yml. Built by Go the first time, some eight minutes of processor time, and kept in the cache folder.
 *
 * @throws Error that says what failed
 */
export async function startTemporalOnPostgres(
  folder: string,
  print: (line: string) => void,
): Promise<TemporalOnPostgres> {
  const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const setting = (pattern: RegExp): string => pattern.exec(compose)?.[1] ?? '';
  const programs = build(setting(/temporalio\/server:([\d.]+)/), print);
  const dataDir = join(folder, 'temporal-postgres');
  const database = await startPostgres({ dataDir, durable: true, print });
  const { hostname, port: databasePort, username, password } = new URL(database.adminUrl);
  for (const [name, schema] of [
    ['temporal', 'temporal'],
    ['temporal_visibility', 'visibility'],
  ] as const) {
    const tool = ['--plugin', 'postgres12', '--ep', hostname, '-p', databasePort, '-u', username];
    const sql = (...command: string[]) =>
      run(programs.sql, [...tool, '--pw', password, '--db', name, ...command]);
    sql('create');
    sql('setup-schema', '-v', '0.0');
    sql('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
  const logFile = join(folder, 'temporal-server.log');
  const port = await lowPort();
  const ports: Record<string, string> = { FRONTEND_HTTP_PORT: String(await lowPort()) };
  for (const service of SERVICES) {
    ports[`${service}_GRPC_PORT`] = String(service === 'FRONTEND' ? port : await lowPort());
    ports[`${service}_MEMBERSHIP_PORT`] = String(await lowPort());
  }
  const server = startChild({
    name: 'Temporal',
    program: programs.server,
    args: ['--allow-no-auth', 'start'],
    env: {
      PATH: process.env['PATH'],
      DB: 'postgres12',
      DB_PORT: databasePort,
      POSTGRES_SEEDS: hostname,
      POSTGRES_USER: username,
      POSTGRES_PWD: password,
      NUM_HISTORY_SHARDS: setting(/NUM_HISTORY_SHARDS: '(\d+)'/),
      SQL_MAX_CONNS: setting(/SQL_MAX_CONNS: '(\d+)'/),
      BIND_ON_IP: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DYNAMIC_CONFIG_FILE_PATH: join(ROOT, 'ops/temporal/dynamicconfig/github-sync.yaml'),
      ...ports,
    },
    logFile,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await database.stop();
  };
  try {
    const ended = server.exited.then(() => Promise.reject(new Error('it ended')));
    await Promise.race([untilServing(`127.0.0.1:${port}`), ended]);
  } catch (error) {
    await stop();
    throw new Error(`Temporal on PostgreSQL does not start, see ${logFile}`, { cause: error });
  }
  const pids = [server.pid ?? 0, database.child.pid ?? 0];
  return { address: `127.0.0.1:${port}`, pids, dataDir, stop };
}

/** The server and the tool that makes its schemas, whose versions Go's checksum database vouches for. */
function build(version: string, print: (line: string) => void): { server: string; sql: string } {
  const folder = join(cacheFolder(), `temporal-server-${version}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, path] of [
    ['server', 'cmd/server'],
    ['sql', 'cmd/tools/sql'],
  ] as const) {
    if (existsSync(join(folder, name))) continue;
    print(`Temporal: building ${path} ${version} with Go (once, minutes, kept in ${folder})`);
    run('go', ['install', `go.temporal.io/server/${path}@v${version}`], { GOBIN: folder, GOWORK: 'off' });
  }
  return { server: join(folder, 'server'), sql: join(folder, 'sql') };
}

function run(program: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, stderr, stdout } = spawnSync(program, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program} failed:\n${(stdout + stderr).slice(-2000)}`);
}

async function untilServing(address: string): Promise<void> {
  const begun = Date.now();
  const connection = Connection.lazy({ address });
  try {
    for (;;) {
      try {
        await connection.withDeadline(Date.now() + 2000, () => connection.workflowService.listNamespaces({}));
        return;
      } catch (error) {
        if (Date.now() - begun > START_LIMIT_MS) throw error;
      }
      await sleep(200);
    }
  } finally {
    await connection.close();
  }
}

async function lowPort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if (await isPortFree(port)) return port;
  }
}
