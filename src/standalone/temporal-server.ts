import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { startChild, type Child } from './child.ts';
import { freePort, isPortFree, PortTakenError } from './free-port.ts';
import { printStillBusy, type Print } from './print.ts';

export interface TemporalOptions {
  /** The path of the `temporal` program. */
  program: string;
  namespace: string;
  /** The SQLite file that keeps workflows across restarts; in memory without it. */
  dbFilename?: string;
  /** The port to listen on; a free one by default. */
  port?: number;
  uiPort?: number;
  /** No Web UI. */
  headless?: boolean;
  logFile?: string;
  /** Called with the process before it is ready, so that it can be stopped meanwhile. */
  onStart?: (child: Child) => void;
  print: Print;
}

export interface TemporalServer {
  /** The `host:port` of its gRPC endpoint. */
  address: string;
  /** Its Web UI; undefined if headless. */
  uiUrl: string | undefined;
  child: Child;
  stop: () => Promise<void>;
}

// The development server has one shard, and by default that shard loads 20 tasks a second: every hop then waits
// about 45 ms. Eager activity execution saves one more hop.
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=5000',
  'history.timerProcessorMaxPollRPS=5000',
  'system.enableActivityEagerExecution=true',
  'frontend.enableServerVersionCheck=false',
];
const SEARCH_ATTRIBUTES = ['GitHubInstallationId=Keyword', 'GitHubRepository=Keyword', 'SyncTrigger=Keyword'];
// Its data can be rebuilt from PostgreSQL and GitHub: speed matters more than the last second before a power
// cut.
const PRAGMAS = ['journal_mode=WAL', 'synchronous=OFF'];
const START_LIMIT_MS = 180_000;

/** Starts Temporal's development server and waits until it serves the namespace. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const { program, namespace, print, headless = false } = options;
  if (options.port !== undefined && !(await isPortFree(options.port))) {
    throw new PortTakenError(
      'Temporal',
      options.port,
      'Stop the process that listens there, or set TEMPORAL_ADDRESS to use it.',
    );
  }
  const port = options.port ?? (await freePort());
  const uiPort = headless ? undefined : await freePort(options.uiPort);
  const child = startChild({
    name: 'Temporal',
    program,
    args: [
      ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace],
      uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)],
      options.dbFilename ? ['--db-filename', options.dbFilename, ...repeat('--sqlite-pragma', PRAGMAS)] : [],
      repeat('--search-attribute', SEARCH_ATTRIBUTES),
      repeat('--dynamic-config-value', DYNAMIC_CONFIG),
      ['--log-format', 'json', '--log-level', 'warn'],
    ].flat(),
    env: withoutTemporalSettings(process.env),
    ...(options.logFile ? { logFile: options.logFile } : {}),
  });
  options.onStart?.(child);
  try {
    await untilServing(`127.0.0.1:${port}`, namespace, child, print);
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    child,
    stop: () => child.stop(),
  };
}

function repeat(flag: string, values: string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

/**
 * The environment without TEMPORAL_ADDRESS and similar variables, which would lead a program to another server.
 */
export function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function untilServing(address: string, namespace: string, child: Child, print: Print): Promise<void> {
  const connection = Connection.lazy({ address });
  const begun = Date.now();
  let hasEnded = false;
  void child.exited.then(() => (hasEnded = true));
  const done = printStillBusy(print, 'Temporal: starting (a few seconds)');
  try {
    for (;;) {
      if (hasEnded)
        throw new Error(`Temporal exited while it was starting:\n${child.lastLines().join('\n')}`);
      try {
        await connection.withDeadline(Date.now() + 2_000, () =>
          connection.workflowService.describeNamespace({ namespace }),
        );
        return;
      } catch {
        if (Date.now() - begun > START_LIMIT_MS) {
          throw new Error(`Temporal does not answer at ${address} after ${START_LIMIT_MS / 1000} s`);
        }
      }
      await sleep(100);
    }
  } finally {
    done();
    await connection.close();
  }
}
