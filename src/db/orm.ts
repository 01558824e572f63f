import { MikroORM, type EntityManager, type MetadataStorage } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import type { Client, Pool, PoolClient } from 'pg';
import { Migrator } from '@mikro-orm/migrations';
import { databaseAddress } from '../database-address.ts';
import { isDatabaseUnavailable } from './database-errors.ts';
import { deadlineClient } from './deadline-client.ts';
import { readTime } from './read-time.ts';
import { entities } from './orm-entities/index.ts';
import { migrationsList } from './migrations/index.ts';

export type Orm = MikroORM;

/** Where raw SQL runs: in a transaction, or on a pooled connection per statement. */
export type Sql = Kysely<unknown>;

/**
 * One transaction: committed when `work` is done, rolled back if it fails. Not the entity manager's
 * transactions, which are Kysely's controlled ones (0.29.6): if their connection is lost they never return it,
 * because the rollback fails too.
 */
export async function inTransaction<T>(orm: Orm, work: (tx: Sql) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  try {
    return await sqlOf(orm)
      .transaction()
      .execute((tx) =>
        work(tx).catch(async (error: unknown) => {
          failures.push(error);
          // Queries begun beside the failed statement: after the rollback they would run outside any
          // transaction.
          await tx.getExecutor().provideConnection(() => Promise.resolve());
          throw error;
        }),
      );
  } catch (error) {
    // If the rollback fails too, its error says less than the original one.
    throw failures.length > 0 ? failures[0] : error;
  }
}

const pools = new WeakMap<Orm, Sql>();

/**
 * Raw SQL outside a transaction. It is the same for every entity manager, each of which costs a tenth of a
 * millisecond.
 */
export function sqlOf(orm: Orm): Sql {
  const sql = pools.get(orm) ?? orm.em.fork().getKysely<unknown>();
  pools.set(orm, sql);
  return sql;
}

export type { EntityManager };

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/**
 * What statements, and the reading of their answers, rely on, whatever the defaults of the database or role are
 * (`alter database … set …`). A transaction that holds an older snapshot would block indexes that are built
 * beside it (`create index concurrently`) without end, and times are read as ISO 8601.
 */
const fixedSettings = {
  default_transaction_isolation: 'read committed',
  standard_conforming_strings: 'on',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  // Otherwise a null in a parameter that is an array would be the text "NULL".
  array_nulls: 'on',
  transform_null_equals: 'off',
  // Otherwise a search of an index on labels would find only some of the rows.
  gin_fuzzy_search_limit: '0',
  // The pool closes what is idle; it would take the end of a session for a lost connection.
  idle_session_timeout: '0',
};
/** Migrations take as long as they take, and one transaction holds their lock meanwhile. */
const unlimited = { statement_timeout: '0', lock_timeout: '0', idle_in_transaction_session_timeout: '0' };

/**
 * Limits for every other session, so that nobody waits for ever for one that hangs, was killed or lost its
 * network. Only a stopped or disconnected process stays idle in a transaction: its session ends before its lease
 * does (30 s). A host that vanished is noticed after 10 s + 3 × 5 s.
 */
const limits = (statementMs: number) => ({
  statement_timeout: String(statementMs),
  lock_timeout: String(Math.min(10_000, Math.ceil(statementMs / 2))),
  idle_in_transaction_session_timeout: '20000',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000',
  // Compiling the views of figures takes seconds, executing them a tenth of one.
  jit: 'off',
});
/** Servers before PostgreSQL 17 lack the setting. What bounds a transaction here are its statements. */
const NO_TRANSACTION_TIMEOUT = `case when current_setting('transaction_timeout', true) is not null
  then set_config('transaction_timeout', '0', false) end`;
/** Ends a statement whose client is gone. Servers on some systems cannot, and reject the setting. */
const CHECK_CLIENT = `select set_config('client_connection_check_interval', '5000', false)`;

/**
 * A statement that PostgreSQL itself ends arrives as an error; after this long without one, the connection is
 * dead.
 */
export const CONNECTION_GRACE_MS = 1500;

/**
 * How long a worker's statement may take. One that grows with a whole repository gets more
 * (`allowLongStatements`).
 */
const STATEMENT_MS = 20_000;

const CONNECT_MS = 5000;

export interface OrmOptions {
  databaseUrl: string;
  /** maximum number of connections; at least one more than the concurrent work */
  poolSize: number;
  name: string;
  /** how many of them stay open when idle; none by default */
  keptOpen?: number;
  /** the time limit of a statement in milliseconds; null for migrations, which have none */
  statementMs?: number | null;
  /** the time limit for opening a connection in milliseconds; by default the address's, or 5,000 */
  connectMs?: number;
  /**
   * the entities as an earlier `createOrm` of this process discovered them (its `getMetadata()`): discovering them takes
   * 23 ms of processor time; by default they are discovered
   */
  metadata?: MetadataStorage;
  /** called each time the pool hands out a connection */
  onAcquire?: () => void;
}

/**
 * The connection pool with the mirror's entities and migrations. Raw rows are returned as the API shows them:
 * `bigint` as number (GitHub's ids are below 2^53), `timestamptz` as ISO 8601 in UTC.
 */
export function createOrm(options: OrmOptions): Orm {
  const { databaseUrl, poolSize, name, onAcquire = () => undefined } = options;
  const { statementMs = STATEMENT_MS, connectMs, keptOpen = 0, metadata } = options;
  const { database, ...address } = databaseAddress(databaseUrl);
  const idle = new Set<Client>();
  /** A silent connection suggests that its host is gone: other old connections are not used again. */
  function dropIdle(): void {
    const dropped = [...idle];
    idle.clear();
    for (const client of dropped) client.connection.stream.destroy(new Error('another connection was lost'));
  }
  const bounds =
    statementMs === null
      ? { onConnect: (client: Client) => setSession(client, unlimited) }
      : {
          Client: deadlineClient({ answerMs: statementMs + CONNECTION_GRACE_MS, onLost: dropIdle }),
          onConnect: (client: Client) => limitSession(client, statementMs),
        };
  const orm = new MikroORM({
    // MikroORM reads host, port and user from an address, but none of its parameters.
    clientUrl: databaseUrl,
    dbName: database,
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList,
      snapshot: false,
      tableName: 'schema_migrations',
      // Each in its own transaction: a single one would hold the first migration's locks until the last has
      // ended.
      allOrNothing: false,
    },
    discovery: { skipSyncDiscovery: metadata !== undefined },
    forceUtcTimezone: true,
    debug: false,
    logger: () => undefined,
    pool: { min: keptOpen, max: poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      application_name: `github-auto-sync ${name}`,
      connectionTimeoutMillis: CONNECT_MS,
      ...address,
      ...(connectMs === undefined ? {} : { connectionTimeoutMillis: connectMs }),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...bounds,
      onPoolCreated: (pool: Pool & PoolWithTypes) => {
        pool.options.types.setTypeParser(INT8, Number);
        pool.options.types.setTypeParser(TIMESTAMPTZ, readTime);
        returnWhileClosing(pool);
        pool.on('release', (_error: unknown, client: Client) => idle.add(client));
        pool.on('acquire', (client: Client) => {
          idle.delete(client);
          onAcquire();
        });
        pool.on('remove', (client: Client) => idle.delete(client));
      },
    },
  });
  if (metadata !== undefined) {
    orm.driver.setMetadata(metadata);
    // As its constructor would; the type of `em` has a mark of these entities that nothing has when it runs.
    Object.assign(orm, { em: orm.driver.createEntityManager() });
  }
  return orm;
}

/**
 * Kysely (0.29.6) never returns a connection that it receives after its `destroy`: for an API that was stopped while
 * it opened its first ones the pool waited for them until the process was ended by force.
 */
function returnWhileClosing(pool: Pool): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  // Kysely alone calls it, and without a callback.
  pool.connect = async (): Promise<PoolClient> => {
    const client = await connect();
    if (!pool.ending) return client;
    client.release();
    throw new Error('the pool of database connections is closing');
  };
}

/** By statements rather than start-up parameters, which a pooler in between rejects. */
async function setSession(client: Client, settings: Record<string, string>): Promise<void> {
  const all = Object.entries({ ...fixedSettings, ...settings });
  const calls = all.map((_one, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, false)`);
  await client.query(`select ${[...calls, NO_TRANSACTION_TIMEOUT].join(', ')}`, all.flat());
}

async function limitSession(client: Client, statementMs: number): Promise<void> {
  await setSession(client, limits(statementMs));
  await client.query(CHECK_CLIENT).catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) throw error;
  });
}

interface PoolWithTypes {
  options: { types: { setTypeParser(oid: number, parser: (text: string) => unknown): void } };
}
