import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import type { Client, Pool } from 'pg';
import { Migrator } from '@mikro-orm/migrations';
import { databaseAddress } from '../database-address.ts';
import { isDatabaseUnavailable } from './database-errors.ts';
import { deadlineClient } from './deadline-client.ts';
import { readTime } from './storable-time.ts';
import { entities } from './orm-entities/index.ts';
import { migrationsList } from './migrations/index.ts';

export type Orm = MikroORM;

/** Where raw SQL runs: a transaction, or a connection of the pool for each statement. */
export type Sql = Kysely<unknown>;

/**
 * One transaction: committed when `work` is done, rolled back when it fails. Not the entity manager's, which are Kysely's
 * controlled ones (0.29.6): they keep a connection that is lost within them for good, since its rollback fails too.
 */
export async function inTransaction<T>(orm: Orm, work: (tx: Sql) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  try {
    return await sqlOf(orm)
      .transaction()
      .execute((tx) =>
        work(tx).catch(async (error: unknown) => {
          failures.push(error);
          // What was begun beside the statement that failed: behind the rollback it would be in no transaction.
          await tx.getExecutor().provideConnection(() => Promise.resolve());
          throw error;
        }),
      );
  } catch (error) {
    // A rollback that fails too says less than what led to it.
    throw failures.length > 0 ? failures[0] : error;
  }
}

const pools = new WeakMap<Orm, Sql>();

/** Raw SQL outside of a transaction. It is the same for every entity manager, each of which costs a tenth of a millisecond. */
export function sqlOf(orm: Orm): Sql {
  const sql = pools.get(orm) ?? orm.em.fork().getKysely<unknown>();
  pools.set(orm, sql);
  return sql;
}

export type { EntityManager };

const INT8 = 20;
const TIMESTAMPTZ = 1184;

/**
 * What every session is bound by, so that nobody waits for ever for one that hangs, was killed or lost its network.
 * Idle within a transaction is only a process that was stopped or cut off: it goes before its lease does (30 s). A
 * host that vanished is noticed after 10 s + 3 × 5 s.
 */
const sessionSettings = (statementMs: number) => ({
  statement_timeout: String(statementMs),
  lock_timeout: String(Math.min(10_000, Math.ceil(statementMs / 2))),
  idle_in_transaction_session_timeout: '20000',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '25000',
  // Compiling the views of figures takes seconds, carrying them out a tenth of one.
  jit: 'off',
});
/** Ends a statement whose asker is gone. Servers on some systems cannot, and refuse the setting. */
const CHECK_CLIENT = `select set_config('client_connection_check_interval', '5000', false)`;

/** A statement that PostgreSQL itself ends arrives as that; later than this, it is the connection that is dead. */
const ANSWER_GRACE_MS = 1500;

/**
 * How long a statement of the worker may take. One that grows with a whole repository gets more
 * (`allowLongStatements`).
 */
const STATEMENT_MS = 20_000;

const CONNECT_MS = 5000;

export interface OrmOptions {
  databaseUrl: string;
  /** connections at most; at least one more than the work done side by side */
  poolSize: number;
  name: string;
  /** how many of them stay open although nobody has used them for a while; none unless given */
  keptOpen?: number;
  /** milliseconds that a statement may take; null for migrations, which take what they need */
  statementMs?: number | null;
  /** milliseconds that opening a connection may take; 5,000 unless given */
  connectMs?: number;
  /** each time the pool hands a connection out */
  onAcquire?: () => void;
}

/**
 * The connection pool with the mirror's entities and migrations. Raw rows come back as the API shows them:
 * `bigint` as number (GitHub's ids are below 2^53), `timestamptz` as ISO 8601 in UTC.
 */
export function createOrm(options: OrmOptions): Orm {
  const { databaseUrl, poolSize, name, onAcquire = () => undefined } = options;
  const { statementMs = STATEMENT_MS, connectMs = CONNECT_MS, keptOpen = 0 } = options;
  const { database, ...address } = databaseAddress(databaseUrl);
  const idle = new Set<Client>();
  /** One connection that fell silent tells of the host: those from before are not asked again. */
  function dropIdle(): void {
    const dropped = [...idle];
    idle.clear();
    for (const client of dropped) client.connection.stream.destroy(new Error('another connection was lost'));
  }
  const bounds =
    statementMs === null
      ? {}
      : {
          Client: deadlineClient({ answerMs: statementMs + ANSWER_GRACE_MS, onLost: dropIdle }),
          onConnect: (client: Client) => prepareSession(client, sessionSettings(statementMs)),
        };
  return new MikroORM({
    // MikroORM reads host, port and user out of an address, and none of its parameters.
    clientUrl: databaseUrl,
    dbName: database,
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList,
      snapshot: false,
      tableName: 'schema_migrations',
      // Each in a transaction of its own: one for all would hold the locks of the first until the last has ended.
      allOrNothing: false,
    },
    forceUtcTimezone: true,
    debug: false,
    logger: () => undefined,
    pool: { min: keptOpen, max: poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      ...address,
      application_name: `github-auto-sync ${name}`,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...bounds,
      onPoolCreated: (pool: Pool & PoolWithTypes) => {
        pool.options.types.setTypeParser(INT8, Number);
        pool.options.types.setTypeParser(TIMESTAMPTZ, readTime);
        pool.on('release', (_error: unknown, client: Client) => idle.add(client));
        pool.on('acquire', (client: Client) => {
          idle.delete(client);
          onAcquire();
        });
        pool.on('remove', (client: Client) => idle.delete(client));
      },
    },
  });
}

/** By statements and not as start-up parameters, which a pooler between refuses. */
async function prepareSession(client: Client, settings: Record<string, string>): Promise<void> {
  const calls = Object.keys(settings).map((_one, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, false)`);
  await client.query(`select ${calls.join(', ')}`, Object.entries(settings).flat());
  await client.query(CHECK_CLIENT).catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) throw error;
  });
}

interface PoolWithTypes {
  options: { types: { setTypeParser(oid: number, parser: (text: string) => unknown): void } };
}
