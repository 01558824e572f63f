import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { migrate } from '../db/migrate.ts';
import { createLogger } from '../logger.ts';
import { addresses } from './addresses.ts';
import { freePort, isPortFree, PortTakenError } from './free-port.ts';
import { ownAddress } from './own-address.ts';
import { startPostgres } from './postgres-server.ts';
import { settingsToLend } from './running.ts';
import type { StartContext } from './start-context.ts';
import { startRoles } from './start-roles.ts';
import { startSandbox, type SandboxGitHub } from './sandbox-github.ts';
import { printBegun } from './print.ts';
import type { StartSettings } from './start-settings.ts';
import { findTemporal } from './temporal-program.ts';
import { startTemporal, withoutTemporalSettings } from './temporal-server.ts';
import { watchDeliveries } from './watch-deliveries.ts';
import { watchImports } from './watch-imports.ts';

// The expected ports; others are used if these are taken.
const POSTGRES_PORT = 5433; // so that the machine's own PostgreSQL keeps 5432
const TEMPORAL_PORT = 7233;
const TEMPORAL_UI_PORT = 8233;
// PostgreSQL, Temporal, the sandbox, the tables, the roles.
const STEPS = 5;

/**
 * Starts every part in the order in which they depend on each other, and shows what they do until all are
 * stopped.
 */
export async function startEverything(context: StartContext): Promise<void> {
  const { settings, print, terminal } = context;
  const { config } = settings;
  const apiUrl = ownAddress(config.HOST, config.PORT);
  await assertPortFree(config.PORT);
  const begin = (): void => terminal.step(stepsOf(settings));
  const { databaseUrl, temporal, sandbox } = await startServers(context, apiUrl, begin);
  begin();
  printBegun(print, 'Tables: migrating');
  await migrate(databaseUrl, createLogger('migrate', 'warn'));

  const environment = { DATABASE_URL: databaseUrl, ...temporal, ...sandbox?.environment };
  // With the sandbox requests cost nothing, and a person wants to see a sweep.
  const quick =
    sandbox && !context.env['SYNC_INTERVAL'] ? { SYNC_INTERVAL: '1m', SYNC_FRESH_FOR: '30s' } : {};
  const metricsPort = config.METRICS_PORT ?? (await freePort());
  begin();
  printBegun(print, 'API and worker: starting');
  const dashboardUrl = await startRoles(context, apiUrl, metricsPort, {
    ...inherited(context),
    ...quick,
    ...environment,
  });
  context.claim.write({
    environment: {
      ...settingsToLend(context.env),
      GITHUB_APP_ID: String(config.GITHUB_APP_ID),
      ...environment,
      ...quick,
      HOST: config.HOST,
      PORT: String(config.PORT),
    },
  });
  const temporalAddress = temporal['TEMPORAL_ADDRESS'] ?? '';
  const namespace = temporal['TEMPORAL_NAMESPACE'] ?? 'default';
  terminal.rest();
  terminal.write(
    addresses({
      apiUrl,
      dashboardUrl,
      databaseUrl,
      temporalAddress,
      sandbox,
      uiUrl: temporal['TEMPORAL_UI_URL'],
    }),
  );
  await show(context, { apiUrl, databaseUrl, temporalAddress, namespace }, sandbox);
}

async function assertPortFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new PortTakenError('the API', port, 'Stop the process that listens there, or set another PORT.');
}

/** How many steps the terminal counts: servers that are not started are none. */
function stepsOf({ databaseUrl, temporalAddress, sandbox }: StartSettings): number {
  return STEPS - [databaseUrl, temporalAddress].filter(Boolean).length - (sandbox ? 0 : 1);
}

/** Starts PostgreSQL, Temporal and the sandbox, each only if no other is to be used. */
async function startServers(context: StartContext, apiUrl: string, begin: () => void) {
  const { settings, shutdown, folder, print } = context;
  if (settings.databaseUrl === undefined) begin();
  const databaseUrl = settings.databaseUrl ?? (await ownPostgres(context));
  if (settings.temporalAddress === undefined) begin();
  const temporal = await temporalEnvironment(context);
  if (!settings.sandbox) return { databaseUrl, temporal, sandbox: undefined };
  begin();
  const sandbox = await startSandbox({ folder, apiUrl, lifeMs: settings.sandboxLifeMs, print });
  shutdown.add('the sandbox', sandbox.close);
  return { databaseUrl, temporal, sandbox };
}

// With our own server, the user's settings for another one must not reach the roles.
function inherited({ settings, env }: StartContext): NodeJS.ProcessEnv {
  return settings.temporalAddress === undefined ? withoutTemporalSettings(env) : env;
}

/** The sandbox's data and a real App's never share a database. */
function ownFolder({ sandbox }: StartSettings, folder: string): string {
  const own = sandbox ? folder : join(folder, 'github');
  mkdirSync(own, { recursive: true });
  return own;
}

async function ownPostgres({ settings, shutdown, folder, print }: StartContext): Promise<string> {
  const port = await freePort(POSTGRES_PORT);
  printBegun(print, 'PostgreSQL: starting (a few seconds the first time)');
  const server = await startPostgres({
    dataDir: join(ownFolder(settings, folder), 'postgres'),
    port,
    durable: true,
    logFile: join(folder, 'logs', 'postgres.log'),
    onStart: shutdown.addChild,
    print,
  });
  return server.url;
}

async function temporalEnvironment(context: StartContext): Promise<Record<string, string>> {
  const { settings, shutdown, folder, env, print } = context;
  const namespace = env['TEMPORAL_NAMESPACE'] || 'default';
  if (settings.temporalAddress !== undefined) {
    return { TEMPORAL_ADDRESS: settings.temporalAddress, TEMPORAL_NAMESPACE: namespace };
  }
  const program = await findTemporal(print);
  printBegun(print, 'Temporal: starting (a few seconds)');
  const server = await startTemporal({
    program,
    namespace,
    dbFilename: join(ownFolder(settings, folder), 'temporal.db'),
    port: await freePort(TEMPORAL_PORT),
    uiPort: TEMPORAL_UI_PORT,
    logFile: join(folder, 'logs', 'temporal.log'),
    onStart: shutdown.addChild,
    print,
  });
  return {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_UI_URL: server.uiUrl ?? '',
    TEMPORAL_CONFIG_FILE: emptyProfile(folder),
  };
}

// A user's profile may contain keys and certificates for another server.
function emptyProfile(folder: string): string {
  const file = resolve(folder, 'temporal.toml');
  writeFileSync(file, '[profile.default]\n');
  return file;
}

interface Reached {
  apiUrl: string;
  databaseUrl: string;
  temporalAddress: string;
  namespace: string;
}

async function show(
  context: StartContext,
  reached: Reached,
  sandbox: SandboxGitHub | undefined,
): Promise<void> {
  const { settings, shutdown, print, terminal } = context;
  const stop = new AbortController();
  const watching = Promise.all([
    watchDeliveries(reached.databaseUrl, stop.signal, print),
    watchImports({ ...reached, token: settings.config.SYNC_API_TOKEN }, stop.signal, terminal),
  ]);
  shutdown.add('the display', async () => {
    stop.abort();
    await watching;
  });
  if (sandbox) {
    sandbox.begin();
    shutdown.add('the life in the sandbox', () => Promise.resolve(sandbox.quiet()));
  }
  await watching;
}
