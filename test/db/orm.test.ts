import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createOrm, sqlOf } from '../../src/db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('closes while connections are being opened', async () => {
  const orm = createOrm({ databaseUrl: database.url, poolSize: 4, name: 'test' });
  const db = sqlOf(orm);
  await sql`select 1`.execute(db);
  // One is open: for the others connections are opened, which takes longer than this turn.
  const asked = Promise.allSettled(Array.from({ length: 4 }, () => sql`select 1`.execute(db)));
  await new Promise((resolve) => setImmediate(resolve));
  await orm.close(true);
  const answers = await asked;
  expect(answers.map(({ status }) => status)).toContain('rejected');
});
