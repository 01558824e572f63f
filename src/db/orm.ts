import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import { Migrator } from '@mikro-orm/migrations';
import { entities } from './entities/index.ts';
import { migrationsList } from './migrations/index.ts';

export type Orm = MikroORM;

/** Where raw SQL runs: a transaction, or a connection of the pool for each statement. */
export type Sql = Kysely<unknown>;

/** Raw SQL within the transaction of an entity manager. */
export function sqlIn(em: EntityManager): Sql {
  return em.getKysely<unknown>();
}

/** Raw SQL outside of a transaction. */
export function sqlOf(orm: Orm): Sql {
  return sqlIn(orm.em.fork());
}

export type { EntityManager };

const INT8 = 20;
const TIMESTAMPTZ = 1184;

interface PoolWithTypes {
  options: { types: { setTypeParser(oid: number, parser: (text: string) => unknown): void } };
}

/**
 * The connection pool with the mirror's entities and migrations. Raw rows come back as the API shows them:
 * `bigint` as number (GitHub's ids are below 2^53), `timestamptz` as ISO 8601 in UTC.
 *
 * @param options.poolSize connections at most; at least one more than the work done side by side
 */
export function createOrm(options: { databaseUrl: string; poolSize: number; name: string }): Orm {
  return new MikroORM({
    clientUrl: options.databaseUrl,
    entities: [...entities],
    extensions: [Migrator],
    migrations: { migrationsList, snapshot: false, tableName: 'schema_migrations' },
    forceUtcTimezone: true,
    debug: false,
    logger: () => undefined,
    pool: { min: 0, max: options.poolSize, idleTimeoutMillis: 30_000 },
    driverOptions: {
      application_name: `github-auto-sync ${options.name}`,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      onPoolCreated: (pool: PoolWithTypes) => {
        pool.options.types.setTypeParser(INT8, Number);
        pool.options.types.setTypeParser(TIMESTAMPTZ, (text) => new Date(text).toISOString());
      },
    },
  });
}
