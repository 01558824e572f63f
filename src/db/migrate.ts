import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { ConfigurationError, loadConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { createOrm, type EntityManager } from './orm.ts';

// Any number; all processes that migrate must share it.
const MIGRATION_LOCK = 7_281_954_036;
const LOCK_POLL_MS = 200;

/**
 * Brings the database to the newest schema. Run twice at once, the second waits for the first and then has
 * nothing to do; older processes of the same major version continue meanwhile.
 */
export async function migrate(databaseUrl: string, log: Logger): Promise<void> {
  const orm = createOrm({ databaseUrl, poolSize: 3, name: 'migrate', statementMs: null });
  try {
    await orm.schema.ensureDatabase();
    await orm.em.transactional(async (em) => {
      await waitForLock(em);
      const applied = await orm.migrator.up();
      log.info(
        { applied: applied.map(({ name }) => name) },
        applied.length > 0 ? 'migrated' : 'schema is current',
      );
    });
  } finally {
    await orm.close(true);
  }
}

/**
 * Asks for the lock again and again: a statement that waits for it would be one that indexes which are built meanwhile
 * (`create index concurrently`) wait for. So would one with parameters, whose portal keeps its snapshot until the next.
 */
async function waitForLock(em: EntityManager): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ taken: boolean }>`
      select pg_try_advisory_xact_lock(${sql.raw(String(MIGRATION_LOCK))}) as taken`.execute(em.getKysely());
    if (rows[0]?.taken === true) return;
    await sleep(LOCK_POLL_MS);
  }
}

async function main(): Promise<number> {
  try {
    const config = loadConfig('migrate', process.env);
    await migrate(config.DATABASE_URL, createLogger('migrate', config.LOG_LEVEL));
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`);
    return 1;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = await main();
