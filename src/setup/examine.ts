import type { Config } from '../config.ts';
import { createOrm } from '../db/orm.ts';
import { errorTable, SyncError } from '../errors.ts';
import { listInstallations } from '../github/app-api.ts';
import { getHook, newestAttempts } from '../github/app-settings.ts';
import { createGitHub } from '../github/client.ts';
import { reasonOf } from '../process/reason-of.ts';
import { connectTemporal } from '../temporal/connect.ts';
import type { TemporalSettings } from '../temporal/settings.ts';
import { checkClock, checkCredentials, checkEvents, checkPermissions } from './checks/check-app.ts';
import { checkDatabase } from './checks/check-database.ts';
import { checkDeliveries } from './checks/check-deliveries.ts';
import { checkDisk } from './checks/check-disk.ts';
import { checkGraphql } from './checks/check-graphql.ts';
import { checkInstallations } from './checks/check-installations.ts';
import { checkTemporal } from './checks/check-temporal.ts';
import { checkWebhook } from './checks/check-webhook.ts';
import { fault, ok, type Finding } from './finding.ts';
import { fixWebhook } from './fix-webhook.ts';

export interface Examination {
  config: Config;
  temporal: TemporalSettings;
  /** where `npm start` keeps its data */
  dataFolder: string;
  /** set the App's webhook at GitHub before checking it */
  fix: boolean;
}

/** How many deliveries in the log are examined. */
const ATTEMPTS = 30;
const TIMEOUT_MS = 10_000;

/**
 * Checks a set-up end to end; changes nothing except, if requested, the App's webhook at GitHub. For a process
 * that exits afterwards.
 */
export async function examine(examination: Examination): Promise<Finding[]> {
  const { config, dataFolder } = examination;
  const parts = await Promise.all([
    part('github', () => examineGitHub(examination)),
    part('database', async () => {
      const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: 1, name: 'doctor' });
      try {
        return await checkDatabase(orm, config);
      } finally {
        await orm.close(true);
      }
    }),
    part('temporal', async () => {
      // Not closed: the SDK keeps trying a connection that was never established, and closing it would end the
      // process.
      const { client } = connectTemporal(examination.temporal);
      return checkTemporal(client, config.SYNC_INTERVAL);
    }),
    part('disk', () => checkDisk(dataFolder)),
  ]);
  return parts.flat();
}

async function examineGitHub({ config, fix }: Examination): Promise<Finding[]> {
  const clock = await checkClock(config.GITHUB_API_URL);
  if (clock.some(({ check, status }) => check === 'github' && status === 'fault')) return clock;
  const github = createGitHub({
    appId: config.GITHUB_APP_ID,
    privateKey: config.GITHUB_APP_PRIVATE_KEY,
    apiUrl: config.GITHUB_API_URL,
    ledger: { read: async () => new Map(), write: async () => undefined },
    timeoutMs: TIMEOUT_MS,
  });
  const { app, findings } = await checkCredentials(github, config);
  if (app === null) return [...clock, ...findings];
  const fixed = fix ? await part('fix', async () => [ok('fix', await fixWebhook(github, config))]) : [];
  const rest = await Promise.all([
    part('installations', async () => {
      const listed = await listInstallations(github);
      return [...checkInstallations(listed, app), ...(await checkGraphql(github, listed.rows))];
    }),
    part('webhook URL', async () => checkWebhook(await getHook(github), config)),
    part('deliveries', async () =>
      checkDeliveries(await newestAttempts(github, ATTEMPTS), config.SYNC_DELIVERY_LOG_INTERVAL),
    ),
  ]);
  return [...clock, ...findings, ...checkPermissions(app), ...checkEvents(app), ...fixed, ...rest.flat()];
}

/** A check that cannot run is a fault of its own, and keeps no other from running. */
async function part(check: string, run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run();
  } catch (error) {
    return [
      fault(check, {
        message: `could not be checked (${reasonOf(error)}).`,
        why: 'Whether it works is not known.',
        advice: error instanceof SyncError ? errorTable[error.code].advice : 'Run doctor again.',
      }),
    ];
  }
}
