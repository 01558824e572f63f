import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { createLogger } from '../../src/logger.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let holder: Client;
beforeEach(async () => {
  database = await createTestDatabase('template0');
  holder = new Client({ connectionString: database.url, application_name: 'a report' });
  await holder.connect();
});
afterEach(async () => {
  await holder.end();
  await database.drop();
});

/** Migrates; as soon as its log has that message, gives the line to `then`, and waits for the end. */
async function migrateUntil(message: string, then: (line: string) => Promise<unknown>): Promise<void> {
  const met = Promise.withResolvers<string>();
  const log = createLogger('migrate', 'info', {
    write: (line) => {
      if (line.includes(message)) met.resolve(line);
    },
  });
  const migrating = migrate(database.url, log);
  await then(await Promise.race([met.promise, migrating.then(() => 'it ended without that message')]));
  await migrating;
}

it('says which session it waits for, when that left a transaction open', async () => {
  await holder.query('begin isolation level repeatable read; select 1');
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  await migrateUntil('a migration waits for a session', async (line) => {
    expect(JSON.parse(line)).toMatchObject({
      pid: rows[0]?.pid,
      role: expect.any(String),
      application: 'a report',
      transaction_since: expect.any(String),
    });
    await holder.query('commit');
  });
});

it('says which session migrates already', async () => {
  await holder.query('begin; select pg_advisory_xact_lock(7281954036)');
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  await migrateUntil('another migration is running', async (line) => {
    expect(JSON.parse(line)).toMatchObject({ sessions: [{ pid: rows[0]?.pid, role: expect.any(String) }] });
    await holder.query('commit');
  });
});
