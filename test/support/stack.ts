import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { freePort } from '../../src/standalone/free-port.ts';
import { connectTemporal } from '../../src/temporal/connect.ts';
import { createTestDatabase } from './database.ts';
import { createRelay, type Relay } from './relay.ts';
import { startRole, type RoleName, type RoleOptions, type RoleProcess } from './role-process.ts';
import { createOutside, type Outside } from './stack-outside.ts';
import { createNamespace } from './temporal-namespace.ts';

export interface StackOptions {
  apis?: number;
  workers?: number;
  /** settings of the product beyond those that the stack makes */
  env?: Record<string, string>;
  sandbox?: SandboxOptions;
}

/** The whole product as outsiders run it, against a sandbox GitHub of its own. */
export interface Stack extends Outside {
  sandbox: Sandbox;
  databaseUrl: string;
  namespace: string;
  /** Temporal itself; the product reaches it through `temporalRelay` */
  temporalAddress: string;
  temporalRelay: Relay;
  /** what the product is configured with, for further commands */
  env: Record<string, string>;
  /** where logs are kept until the stack is closed */
  folder: string;
  /** every process that was started and not killed */
  running: (role: RoleName) => RoleProcess[];
  start: (role: RoleName, until?: RoleOptions['until']) => Promise<RoleProcess>;
  /** Ends all processes of a role; returns their exit codes. */
  kill: (role: RoleName, signal: NodeJS.Signals) => Promise<(number | null)[]>;
  /** Kills all of a role and starts as many again. */
  restart: (role: RoleName, signal?: NodeJS.Signals) => Promise<void>;
  close: (options?: { keepLogs?: boolean }) => Promise<void>;
}

/** Deliveries reach whichever API runs; sweeps happen only when the test asks for one. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const temporalAddress = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  const temporalPort = Number(temporalAddress.split(':')[1]);
  const processes: RoleProcess[] = [];
  const running = (role: RoleName) => processes.filter((one) => one.role === role && one.isRunning());
  const folder = mkdtempSync(join(tmpdir(), 'github-auto-sync-stack-'));
  const [database, namespace, apiRelay, temporalRelay] = await Promise.all([
    createTestDatabase(),
    createNamespace(temporalAddress),
    createRelay(() => running('api').map(({ port }) => port)),
    createRelay(() => [temporalPort]),
  ]);
  const sandbox = await createSandbox({
    webhookUrl: `http://127.0.0.1:${apiRelay.port}/api/github/webhook/`,
    secondaryLimits: false,
    ...options.sandbox,
  });
  const env = {
    GITHUB_APP_ID: String(sandbox.appId),
    GITHUB_APP_PRIVATE_KEY: sandbox.privateKey,
    GITHUB_WEBHOOK_SECRET: sandbox.webhookSecret,
    GITHUB_API_URL: sandbox.url,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalRelay.port}`,
    TEMPORAL_NAMESPACE: namespace,
    SYNC_INTERVAL: '24h',
    SYNC_FRESH_FOR: '0s',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const temporal = connectTemporal({ connectionOptions: { address: temporalAddress }, namespace });
  const pool = new Pool({ connectionString: database.url, max: 4 });
  // A test that cuts the product's sessions may cut these too: the next question makes a new one.
  pool.on('error', () => undefined);

  let started = 0;
  async function start(role: RoleName, until: RoleOptions['until'] = 'ready'): Promise<RoleProcess> {
    // Below those that the system gives to outgoing connections: one of these could take it before the role listens.
    const port = await freePort(randomInt(20_000, 32_000));
    started += 1;
    const logFile = join(folder, `${role}-${started}.log`);
    const own = role === 'api' ? { PORT: String(port) } : { METRICS_PORT: String(port) };
    const one = await startRole(role, { port, logFile, until, env: { ...env, ...own } });
    processes.push(one);
    return one;
  }
  async function kill(role: RoleName, signal: NodeJS.Signals): Promise<(number | null)[]> {
    return Promise.all(running(role).map((one) => one.kill(signal)));
  }
  async function restart(role: RoleName, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const count = running(role).length;
    await kill(role, signal);
    await startMany(role, count);
  }
  async function startMany(role: RoleName, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => start(role)));
  }
  async function close({ keepLogs = false } = {}): Promise<void> {
    await Promise.all([kill('api', 'SIGKILL'), kill('worker', 'SIGKILL')]);
    await sandbox.close();
    await Promise.all([pool.end(), temporal.close(), apiRelay.close(), temporalRelay.close()]);
    await database.drop();
    if (!keepLogs) rmSync(folder, { recursive: true, force: true });
  }

  try {
    await Promise.all([startMany('api', options.apis ?? 1), startMany('worker', options.workers ?? 1)]);
  } catch (error) {
    // The logs are left: they say why.
    await Promise.all([kill('api', 'SIGKILL'), kill('worker', 'SIGKILL'), sandbox.close()]);
    throw error;
  }
  return {
    ...createOutside({ sandbox, pool, relay: apiRelay, client: temporal.client }),
    sandbox,
    databaseUrl: database.url,
    namespace,
    temporalAddress,
    temporalRelay,
    env,
    folder,
    running,
    start,
    kill,
    restart,
    close,
  };
}
