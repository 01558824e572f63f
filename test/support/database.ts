import { randomBytes } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { createOrm, type Orm, type OrmOptions } from '../../src/db/orm.ts';

export interface TestDatabase {
  name: string;
  url: string;
  /** Drops it, ending every session on it. */
  drop: () => Promise<void>;
}

/**
 * A new database with the newest schema and no rows, for one test file or one test; or with what another one has, which
 * nobody may be connected to.
 */
export async function createTestDatabase(
  template = process.env['TEST_DATABASE_TEMPLATE'],
): Promise<TestDatabase> {
  if (process.env['TEST_DATABASE_FAILURE']) throw new Error(process.env['TEST_DATABASE_FAILURE']);
  const name = `test_${randomBytes(8).toString('hex')}`;
  // Copied as files: the usual way writes every page to the log too, which costs twice the time.
  await asAdmin(`create database ${name} template ${template} strategy file_copy`);
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) };
}

/** Discovered once per file: many tests have a pool of their own, and all of them have the same entities. */
let metadata: OrmOptions['metadata'];

/**
 * A pool on a test's database. A minute for a connection, not the product's five seconds: those pass on a busy machine
 * while one module is read, and the timer is looked at before the answer is.
 */
export function createTestOrm(databaseUrl: string, poolSize: number): Orm {
  const orm = createOrm({
    databaseUrl,
    poolSize,
    name: 'test',
    connectMs: 60_000,
    ...(metadata === undefined ? {} : { metadata }),
  });
  metadata ??= orm.getMetadata();
  return orm;
}

/** The maintenance database of the test server, whose user may do anything. */
export function adminUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url)
    throw new Error('TEST_DATABASE_URL is not set: run the tests through jest, which starts PostgreSQL');
  return url;
}

// PostgreSQL copies one template at a time; a second copy within the same instant is told that it is in use.
async function asAdmin(sql: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.query(sql);
        return;
      } catch (error) {
        const inUse = error instanceof DatabaseError && error.code === '55006';
        if (!inUse || attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  } finally {
    await client.end();
  }
}
