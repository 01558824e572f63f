import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startChild, type Child } from './child.ts';
import { freePort, isPortFree, PortTakenError } from './free-port.ts';
import { endStalePostgres } from './stale-postgres.ts';
import { findPostgres, serverUser, type PostgresProgram, type ServerUser } from './postgres-program.ts';
import { openDataFolder } from './postgres-folder.ts';
import type { Print } from './print.ts';

export interface PostgresOptions {
  /** The cluster's folder, created if it is missing. */
  dataDir: string;
  /** The port to listen on; a free one by default. */
  port?: number;
  /** False for disposable data: faster, but does not survive a crash of the machine. */
  durable: boolean;
  logFile?: string;
  /** further `name=value` settings */
  settings?: readonly string[];
  /** Called with the process before it is ready, so that it can be stopped meanwhile. */
  onStart?: (child: Child) => void;
  print: Print;
}

export interface PostgresServer {
  /** The product's own database. */
  url: string;
  /** The maintenance database, for creating others. */
  adminUrl: string;
  child: Child;
  stop: () => Promise<void>;
}

const DATABASE = 'github_auto_sync';
const THROW_AWAY = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_wal_size=256MB',
  'max_connections=300',
  // Whether it has run would decide which plans the tests see.
  'autovacuum=off',
];
// Its messages are searched for "ready to accept connections", so they must be in English.
const ENV = { ...process.env, LC_ALL: 'C', LANG: 'C' };

/** Starts the PostgreSQL installed by npm, with a new cluster or the existing one. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { durable, print } = options;
  if (options.port !== undefined && !(await isPortFree(options.port))) {
    throw new PortTakenError(
      'PostgreSQL',
      options.port,
      'Stop the process that listens there, or set DATABASE_URL to use it.',
    );
  }
  const folder = openDataFolder(options.dataDir, serverUser());
  const program = findPostgres(folder.user, print);
  const cluster = join(folder.path, 'cluster');
  const passwordFile = join(folder.path, 'password');
  if (existsSync(join(cluster, 'PG_VERSION'))) await endStalePostgres(cluster, print);
  else createCluster(program, cluster, passwordFile, folder.user);

  const port = options.port ?? (await freePort());
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    // A socket's path may not exceed 107 bytes, so it cannot be in any folder; loopback is enough.
    'unix_socket_directories=',
    ...(durable ? [] : THROW_AWAY),
    ...(options.settings ?? []),
  ];
  const ready = Promise.withResolvers<void>();
  const child = startChild({
    name: 'PostgreSQL',
    program: program.postgres,
    args: ['-D', cluster, ...settings.flatMap((setting) => ['-c', setting])],
    env: ENV,
    cwd: folder.path,
    endSignal: 'SIGINT', // "fast": ends sessions instead of waiting for them
    graceMs: 60_000,
    ...folder.user,
    ...(options.logFile ? { logFile: options.logFile } : {}),
    onLine: (line) => {
      if (line.includes('ready to accept connections')) ready.resolve();
    },
  });
  options.onStart?.(child);
  await Promise.race([ready.promise, child.exited.then(() => failedStart(child))]);

  const password = readFileSync(passwordFile, 'utf8').trim();
  const base = `postgres://postgres:${password}@127.0.0.1:${port}`;
  await createDatabase(`${base}/postgres`);
  return { url: `${base}/${DATABASE}`, adminUrl: `${base}/postgres`, child, stop: () => child.stop() };
}

function createCluster(
  program: PostgresProgram,
  cluster: string,
  passwordFile: string,
  user?: ServerUser,
): void {
  // Any process of any user on this machine can connect to loopback, so there is a password.
  writeFileSync(passwordFile, randomBytes(18).toString('hex'), { mode: 0o600 });
  if (user) spawnSync('chown', [`${user.uid}:${user.gid}`, passwordFile]);
  const run = spawnSync(
    program.initdb,
    [
      ['-D', cluster, '-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile],
      ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ['--no-sync'],
    ].flat(),
    { env: ENV, cwd: '/', encoding: 'utf8', ...user },
  );
  if (run.status !== 0)
    throw new Error(`PostgreSQL could not create its data folder:\n${run.error?.message ?? run.stderr}`);
}

function failedStart(child: Child): never {
  throw new Error(`PostgreSQL exited while it was starting:\n${child.lastLines().join('\n')}`);
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  // If the server is stopped meanwhile, whatever is sent to it then fails by itself.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
