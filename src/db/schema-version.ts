import { sql } from 'kysely';
import { SyncError } from '../errors.ts';
import { migrationsList } from './migrations/index.ts';
import type { EntityManager } from './orm.ts';

/**
 * Triggers are created by `create or replace`, which version 13 does not know:
 * https://www.postgresql.org/docs/14/release-14.html
 */
export const OLDEST_SERVER = 14;

const major = (name: string): string => name.split('-')[0] ?? '';

/**
 * Any other encoding lacks most of the characters in GitHub's texts, so that their rows are refused. `SQL_ASCII`
 * stores bytes as they come (https://www.postgresql.org/docs/current/multibyte.html).
 */
const ENCODINGS = ['UTF8', 'SQL_ASCII'];

/**
 * Why this server cannot hold the schema, or this database GitHub's texts (it is too old, or encodes them in
 * another way), or null if they can.
 */
export async function serverFault(em: EntityManager): Promise<string | null> {
  const { rows } = await sql<{ version: string; encoding: string }>`select
    current_setting('server_version') as version, current_setting('server_encoding') as encoding`.execute(
    em.getKysely(),
  );
  const { version: full = '', encoding = '' } = rows[0] ?? {};
  const [version = ''] = full.split(' ');
  if (Number.parseInt(version, 10) < OLDEST_SERVER)
    return `PostgreSQL ${OLDEST_SERVER} or newer is needed, this is ${version}`;
  return ENCODINGS.includes(encoding)
    ? null
    : `GitHub's texts need a database with the encoding UTF8, this one has ${encoding}: create another, with "encoding 'UTF8' template template0"`;
}

/**
 * Why this process cannot use the database's schema, or null if it can: the server is suitable, every
 * migration that the process knows is applied, and none of a later major version.
 */
export async function schemaFault(em: EntityManager): Promise<string | null> {
  const unsuitable = await serverFault(em);
  if (unsuitable !== null) return unsuitable;
  const exists = await sql<{
    found: boolean;
  }>`select to_regclass('schema_migrations') is not null as found`.execute(em.getKysely());
  const applied = exists.rows[0]?.found
    ? (await sql<{ name: string }>`select name from schema_migrations`.execute(em.getKysely())).rows
    : [];
  const names = new Set(applied.map((row) => row.name));
  const missing = migrationsList.filter(({ name }) => !names.has(name));
  if (missing.length > 0) {
    return `the database lacks ${listed(missing.map(({ name }) => name))}: run "npm run migrate"`;
  }
  const own = major(migrationsList[0]?.name ?? '');
  const foreign = [...names].find((name) => major(name) !== own);
  return foreign === undefined
    ? null
    : `the database has ${foreign}, which needs a newer version of this program`;
}

/** Only a few are named: a new or old database lacks too many for one line. */
function listed(names: readonly string[]): string {
  const [first] = names;
  if (names.length === migrationsList.length) return 'the tables of the mirror';
  return names.length > 3 ? `${names.length} migrations, ${first} first` : names.join(', ');
}

/**
 * The same while the process works: a read-only database (a standby, after a failover) is then as good as
 * unavailable.
 *
 * @throws SyncError DATABASE_UNAVAILABLE
 */
export async function writableSchemaFault(em: EntityManager): Promise<string | null> {
  const { rows } = await sql<{ read_only: boolean }>`select
    pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only`.execute(
    em.getKysely(),
  );
  if (rows[0]?.read_only === true)
    throw new SyncError('DATABASE_UNAVAILABLE', 'PostgreSQL at DATABASE_URL is read-only');
  return schemaFault(em);
}
