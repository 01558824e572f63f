import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createOrm, type Orm } from '../../src/db/orm.ts';
import { tableFaults } from '../../src/db/table-faults.ts';
import { checkDatabase } from '../../src/setup/checks/check-database.ts';
import { createTestDatabase, createTestOrm, type TestDatabase } from '../support/database.ts';

const config = {
  GITHUB_APP_ID: 1,
  SYNC_DELIVERY_LOG_INTERVAL: undefined,
  SYNC_INTERVAL: 900_000,
  SYNC_FRESH_FOR: 600_000,
};

let database: TestDatabase;
let owner: Client;
let orm: Orm;
let role: string;
let readerUrl: URL;
beforeAll(async () => {
  database = await createTestDatabase();
  role = `reader_${database.name}`;
  owner = new Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`create role ${role} login password 'reads-only'`);
  readerUrl = new URL(database.url);
  readerUrl.username = role;
  readerUrl.password = 'reads-only';
  orm = createTestOrm(readerUrl.href, 1);
});
afterAll(async () => {
  await orm.close(true);
  await owner.end();
  await database.drop();
});

it('finds nothing missing for the owner of a complete schema', async () => {
  const own = createOrm({ databaseUrl: database.url, poolSize: 1, name: 'test' });
  expect(await tableFaults(own)).toEqual([]);
  await own.close(true);
});

it('tells a role that may read nothing which table it may not read', async () => {
  expect((await checkDatabase(orm, config)).filter(({ status }) => status === 'fault')).toEqual([
    expect.objectContaining({
      check: 'database',
      message: expect.stringContaining('permission denied for table schema_migrations'),
    }),
  ]);
});

it('names missing privileges and tables', async () => {
  await owner.query(`grant select on all tables in schema public to ${role}`);
  await owner.query(`grant insert, update, delete on all tables in schema public to ${role}`);
  await owner.query(`revoke update, delete on issues from ${role}`);
  await owner.query(`drop table listed_ids`);
  const faults = ['no privilege to delete issues', 'no privilege to update issues', 'no table listed_ids'];
  expect(await tableFaults(orm)).toEqual(faults);
  expect(await checkDatabase(orm, config)).toContainEqual(
    expect.objectContaining({ check: 'schema', status: 'fault', message: `${faults.join(', ')}.` }),
  );
});
