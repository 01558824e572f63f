import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { ConfigurationError, loadConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { createOrm } from './orm.ts';

// Any number; all processes that migrate must share it.
const MIGRATION_LOCK = 7_281_954_036;

/**
 * Brings the database to the newest schema. Run twice at once, the second waits for the first and then has
 * nothing to do; older processes of the same major version go on meanwhile.
 */
export async function migrate(databaseUrl: string, log: Logger): Promise<void> {
  const orm = createOrm({ databaseUrl, poolSize: 3, name: 'migrate', statementMs: null });
  try {
    await orm.schema.ensureDatabase();
    await orm.em.transactional(async (em) => {
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(em.getKysely());
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
