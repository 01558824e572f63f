import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createOrm, type Orm } from '../../src/db/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let client: Client;
let orm: Orm;
beforeAll(async () => {
  database = await createTestDatabase('template0');
  orm = createOrm({ databaseUrl: database.url, poolSize: 2, name: 'test' });
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await orm.close(true);
  await database.drop();
});

const durations = async () => {
  const { rows } = await client.query<{ run_id: string; duration_ms: string | null }>(
    'select run_id, duration_ms from sync_jobs order by run_id',
  );
  return rows.map(({ run_id: run, duration_ms: ms }) => [run, ms === null ? null : Number(ms)]);
};

it('gives every ended job its duration, even older ones and those of older processes', async () => {
  await orm.migrator.up({ to: 'v1-0056-milestones-of-issues' });
  await client.query(`insert into sync_jobs (id, job_type, status, trigger, workflow_id, run_id, started_at, finished_at)
    select gen_random_uuid(), 'webhook', case when ended is null then 'running' else 'completed' end, 'webhook', 'w', run,
      '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'::timestamptz + ended
    from (values ('before', interval '1.2346 s'), ('running', null)) jobs(run, ended)`);
  await orm.migrator.up();
  expect(await durations()).toEqual([
    ['before', 1235],
    ['running', null],
  ]);
  await client.query(`update sync_jobs set status = 'completed', finished_at = started_at + interval '2 s'
    where run_id = 'running'`);
  await client.query(`update sync_jobs set errors = 1`);
  await client.query(`insert into sync_jobs (id, job_type, status, trigger, workflow_id, run_id, started_at, finished_at)
    values (gen_random_uuid(), 'webhook', 'completed', 'webhook', 'w', 'inserted', now(), now() + interval '3 s')`);
  expect(await durations()).toEqual([
    ['before', 1235],
    ['inserted', 3000],
    ['running', 2000],
  ]);
});

it('leaves the ended jobs of before to others but for a slice at a time', async () => {
  const full = await createTestDatabase('template0');
  const migrating = createOrm({ databaseUrl: full.url, poolSize: 2, name: 'test' });
  const retention = new Client({ connectionString: full.url });
  try {
    await retention.connect();
    await migrating.migrator.up({ to: 'v1-0057-job-durations' });
    await retention.query(`insert into sync_jobs (id, job_type, status, trigger, workflow_id, run_id, started_at, finished_at)
      select gen_random_uuid(), 'webhook', 'completed', 'webhook', 'w', n, now(), now() from generate_series(1, 20000) n`);
    await retention.query('begin');
    await retention.query(`select from sync_jobs where run_id = '20000' for update`);
    const migrated = migrating.migrator.up();
    await expect(firstDuration(full.url)).resolves.toBe(0);
    // It moves behind all rows that were there when the migration began.
    await retention.query(`update sync_jobs set errors = 1 where run_id = '20000'`);
    await retention.query('commit');
    await migrated;
    const { rows } = await retention.query('select from sync_jobs where duration_ms is null');
    expect(rows).toEqual([]);
  } finally {
    await retention.end();
    await migrating.close(true);
    await full.drop();
  }
});

/** That of the first job, as soon as others see one. */
async function firstDuration(connectionString: string): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ ms: string | null }>(
        `select duration_ms as ms from sync_jobs where run_id = '1'`,
      );
      const [first] = rows;
      if (first?.ms != null) return Number(first.ms);
      await sleep(20);
    }
  } finally {
    await client.end();
  }
}
