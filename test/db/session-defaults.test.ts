import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { sql } from 'kysely';
import { migrate } from '../../src/db/migrate.ts';
import { createOrm, inTransaction, sqlOf, type Orm } from '../../src/db/orm.ts';
import { createLogger } from '../../src/logger.ts';
import { adminUrl, createTestDatabase, createTestOrm, type TestDatabase } from '../support/database.ts';

/** Sets what sessions of a database begin with, as its operator may. */
async function setDefaults({ name, url }: TestDatabase, defaults: Record<string, string>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const [setting, value] of Object.entries(defaults))
    await client.query(`alter database ${name} set ${setting} to '${value}'`);
  await client.end();
}

describe('a database with defaults of its own', () => {
  let database: TestDatabase;
  let orm: Orm;

  beforeAll(async () => {
    database = await createTestDatabase();
    await setDefaults(database, {
      datestyle: 'SQL, DMY',
      timezone: 'Asia/Kolkata',
      intervalstyle: 'iso_8601',
      default_transaction_isolation: 'serializable',
      standard_conforming_strings: 'off',
      array_nulls: 'off',
      transform_null_equals: 'on',
      gin_fuzzy_search_limit: '1',
      idle_session_timeout: '1min',
    });
    orm = createTestOrm(database.url, 2);
  });
  afterAll(async () => {
    await orm.close(true);
    await database.drop();
  });

  it('gives times in UTC, in columns and in JSON', async () => {
    const { rows } = await sql`select '2024-02-29T12:00:00Z'::timestamptz as at,
      jsonb_build_array('2024-02-29T12:00:00Z'::timestamptz) as listed`.execute(sqlOf(orm));
    expect(rows).toEqual([{ at: '2024-02-29T12:00:00.000Z', listed: ['2024-02-29T12:00:00+00:00'] }]);
  });

  it('begins weeks on Monday in UTC, and reads backslashes as they stand', async () => {
    const { rows } = await sql`select date_trunc('week', '2024-03-03T20:00:00Z'::timestamptz) as week,
      ${sql.raw(String.raw`'a1' ~ '^a\d$'`)} as matches`.execute(sqlOf(orm));
    expect(rows).toEqual([{ week: '2024-02-26T00:00:00.000Z', matches: true }]);
  });

  it('takes a null for a null, in arrays and in comparisons', async () => {
    const { rows } = await sql`select ${[7, null]}::int[] as listed, ${[null]}::text[] as texts,
      null = null as compared`.execute(sqlOf(orm));
    expect(rows).toEqual([{ listed: [7, null], texts: [null], compared: null }]);
  });

  it('finds every row by an index, and ends no idle session', async () => {
    for (const [setting, value] of [
      ['gin_fuzzy_search_limit', '0'],
      ['idle_session_timeout', '0'],
    ] as const)
      expect((await sql`show ${sql.raw(setting)}`.execute(sqlOf(orm))).rows).toEqual([{ [setting]: value }]);
  });

  it('isolates transactions as statements expect', async () => {
    const { rows } = await inTransaction(orm, (tx) => sql`show transaction_isolation`.execute(tx));
    expect(rows).toEqual([{ transaction_isolation: 'read committed' }]);
  });
});

it('migrates an empty database whose transactions begin with an isolation of their own', async () => {
  const database = await createTestDatabase('template0');
  try {
    await setDefaults(database, { default_transaction_isolation: 'repeatable read' });
    await migrate(database.url, createLogger('migrate', 'silent'));
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query(`select to_regclass('repository_metrics') is not null as there`);
    await client.end();
    expect(rows).toEqual([{ there: true }]);
  } finally {
    await database.drop();
  }
});

it('limits no statement, lock or pause of a migration', async () => {
  const database = await createTestDatabase();
  const limits = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
  await setDefaults(database, Object.fromEntries(limits.map((limit) => [limit, '1h'])));
  const orm = createOrm({ databaseUrl: database.url, poolSize: 1, name: 'migrate', statementMs: null });
  try {
    for (const limit of limits)
      expect((await sql`show ${sql.raw(limit)}`.execute(sqlOf(orm))).rows).toEqual([{ [limit]: '0' }]);
  } finally {
    await orm.close(true);
    await database.drop();
  }
});

it('refuses to migrate a database whose encoding lacks most characters', async () => {
  const admin = new Client({ connectionString: adminUrl() });
  await admin.connect();
  const name = `latin_${randomBytes(8).toString('hex')}`;
  await admin.query(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  try {
    await expect(migrate(url.href, createLogger('migrate', 'silent'))).rejects.toThrow(
      /encoding UTF8, this one has LATIN1/,
    );
  } finally {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
});
