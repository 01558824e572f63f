import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { commandOptions } from '../command-options.ts';
import { ConfigurationError, loadConfig } from '../config.ts';
import { loggableMessage } from '../loggable-error.ts';
import { createLogger, type Logger } from '../logger.ts';
import { describeState, isOvertaken } from './database-errors.ts';
import { complaintLine } from './database-troubles.ts';
import { findMigrating, reportMigrationWaits } from './migration-waits.ts';
import { createOrm, sqlOf, type EntityManager, type Orm } from './orm.ts';
import { serverFault } from './schema-version.ts';

const HELP = `npm run migrate
  migrates the database of DATABASE_URL to the latest schema, and creates it if it does not exist; safe to run twice
  at once and while older processes run
`;

// An arbitrary number that all migrating processes share.
const MIGRATION_LOCK = 7_281_954_036;
const LOCK_POLL_MS = 200;
/** Another migration is named when the lock was asked for this often: 3 s. */
const NAMED_AFTER = 15;
/** How often a table in use is tried, 2 s apart: a worker's longest statement takes nine minutes. */
const TRIES = 600;
const PAUSE_MS = 1000;

/** The server cannot hold the schema: its message says what is needed, and what it has. */
class UnsuitableServerError extends Error {}

/**
 * Migrates the database to the latest schema, and creates it if it does not exist. If run twice at once, the second
 * waits for the first and then has nothing to do; older processes of the same major version continue meanwhile.
 *
 * @throws UnsuitableServerError before anything is created
 */
export async function migrate(databaseUrl: string, log: Logger): Promise<void> {
  const orm = createOrm({ databaseUrl, poolSize: 4, name: 'migrate', statementMs: null });
  const over = new AbortController();
  const waits: Promise<void>[] = [];
  try {
    await orm.schema.ensureDatabase();
    const unsuitable = await serverFault(orm.em.fork());
    if (unsuitable !== null) throw new UnsuitableServerError(unsuitable);
    waits.push(reportMigrationWaits(sqlOf(orm), log, over.signal));
    await orm.em.transactional(async (em) => {
      await waitForLock(em, log);
      const applied = await applyAll(orm, log);
      log.info(
        { applied: applied.map(({ name }) => name) },
        applied.length > 0 ? 'migrated' : 'schema is current',
      );
    });
  } finally {
    over.abort();
    await Promise.all(waits);
    await orm.close(true);
  }
}

/** If a migration did not get a table within its limit, other sessions proceed and it tries again. */
async function applyAll(orm: Orm, log: Logger) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await orm.migrator.up();
    } catch (error) {
      if (!isOvertaken(error) || tried === TRIES) throw error;
      log.warn({ reason: describeState(error) }, 'a table to be migrated is in use; trying again');
      await sleep(PAUSE_MS);
    }
  }
}

/**
 * Polls for the lock: a statement that waits for it would block indexes that are being built meanwhile (`create
 * index concurrently`). So would one with parameters, whose portal keeps its snapshot until the next.
 */
async function waitForLock(em: EntityManager, log: Logger): Promise<void> {
  for (let asked = 1; ; asked += 1) {
    const { rows } = await sql<{ taken: boolean }>`
      select pg_try_advisory_xact_lock(${sql.raw(String(MIGRATION_LOCK))}) as taken`.execute(em.getKysely());
    if (rows[0]?.taken === true) return;
    if (asked === NAMED_AFTER)
      log.info(
        { sessions: await findMigrating(em.getKysely(), MIGRATION_LOCK) },
        'another migration is running',
      );
    await sleep(LOCK_POLL_MS);
  }
}

async function main(): Promise<number> {
  commandOptions(HELP, {});
  try {
    const config = loadConfig('migrate', process.env);
    await migrate(config.DATABASE_URL, createLogger('migrate', config.LOG_LEVEL));
    return 0;
  } catch (error) {
    process.stderr.write(`${complaint(error)}\n`);
    return 1;
  }
}

function complaint(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof UnsuitableServerError) return error.message;
  return complaintLine(error) ?? (error instanceof Error ? loggableMessage(error) : String(error));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
