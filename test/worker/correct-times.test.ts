import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { liveRepositories } from '../../src/db/repository-sync/queued-repositories.ts';
import { correctTimes } from '../../src/worker/correct-times.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const running = new AbortController().signal;
const AHEAD = `now() + interval '400 days'`;

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
});
afterAll(() => test.close());
beforeEach(() =>
  test.rows(`with a as (delete from webhook_deliveries), b as (delete from sync_jobs), c as (delete from system_state),
      d as (update repositories set sync_status = 'fresh', last_synced_at = now() - interval '1 hour')
    update repository_sync set wanted_at = null, wanted_after = null, verified_at = null,
      verification_queued_at = null, without_graphql_at = null, lease_until = null`),
);

function sweepAt(time: string): Promise<unknown> {
  return test.rows(`insert into sync_jobs (id, job_type, status, trigger, started_at, finished_at, workflow_id, run_id)
    values (gen_random_uuid(), 'periodic_sweep', 'completed', 'schedule', ${time}, ${time}, '', '')`);
}

function deliveryAt(time: string, more = `'processed', ${AHEAD}, null`): Promise<unknown> {
  return test.rows(`insert into webhook_deliveries (guid, event, received_at, payload, status, processed_at, retry_at)
    values (gen_random_uuid(), 'push', ${time}, '{}', ${more})`);
}

/** Every time of the tables that lies more than a moment ahead, as `table.column`. */
async function timesAhead(): Promise<string[]> {
  const columns = await test.rows<{ name: string; column: string }>(
    `select table_name as name, column_name as column from information_schema.columns join pg_tables t
       on t.tablename = table_name and t.schemaname = table_schema
     where table_schema = 'public' and data_type like 'timestamp%' order by 1, 2`,
  );
  const ahead: string[] = [];
  for (const { name, column } of columns) {
    const where = `${column} > now() + interval '1 minute'`;
    if ((await test.rows(`select 1 from ${name} where ${where} limit 1`)).length > 0)
      ahead.push(`${name}.${column}`);
  }
  return ahead;
}

async function areFresh(): Promise<boolean[]> {
  const fresh: boolean[] = [];
  for await (const page of liveRepositories(test.db, 1, 600_000)) fresh.push(...page.map((one) => one.fresh));
  return fresh;
}

it('corrects what was recorded while the clock was ahead, and nothing else', async () => {
  await sweepAt(AHEAD);
  await deliveryAt(AHEAD);
  await deliveryAt(AHEAD, `'pending', null, ${AHEAD}`);
  await deliveryAt(`now() - interval '1 hour'`, `'failed', now() - interval '1 hour', null`);
  await test.rows(`update repositories set last_synced_at = ${AHEAD} where id < 3`);
  await test.rows(`update repository_sync set wanted_at = ${AHEAD}, wanted_after = ${AHEAD}, verified_at = ${AHEAD},
    verification_queued_at = ${AHEAD}, without_graphql_at = ${AHEAD}, lease_until = ${AHEAD} where repository_id = 1`);
  await test.rows(`insert into system_state (name, value, updated_at) values
    ('temporal', jsonb_build_object('since', ${AHEAD}, 'reachable', false), ${AHEAD}),
    ('delivery_log_reader', jsonb_build_object('due_at', ${AHEAD}, 'owner', 'o', 'until', ${AHEAD}), now()),
    ('delivery_log', jsonb_build_object('read_at', '2026-01-01T00:00:00Z'), now())`);
  expect(await correctTimes(test.orm, running)).toEqual({
    repositories: 2,
    repository_sync: 1,
    system_state: 2,
    webhook_deliveries: 2,
    sync_jobs: 1,
  });
  expect(await timesAhead()).toEqual([]);
  expect(
    await test.rows(`select name, coalesce(value ->> 'since', value ->> 'due_at', value ->> 'read_at')::timestamptz
      > now() as ahead, value ->> 'owner' as owner, value -> 'reachable' as reachable from system_state order by name`),
  ).toEqual([
    { name: 'delivery_log', ahead: false, owner: null, reachable: null },
    { name: 'delivery_log_reader', ahead: false, owner: 'o', reachable: null },
    { name: 'temporal', ahead: false, owner: null, reachable: false },
  ]);
  // What has no time gets none.
  expect(
    await test.rows(`select wanted_at, wanted_after, verified_at, lease_until from repository_sync
      where repository_id = 3`),
  ).toEqual([{ wanted_at: null, wanted_after: null, verified_at: null, lease_until: null }]);
  expect(
    await test.rows(`select status, processed_at from webhook_deliveries where status = 'pending'`),
  ).toEqual([{ status: 'pending', processed_at: null }]);
  expect(await correctTimes(test.orm, running)).toBeNull();
});

it('corrects when any state was recorded, so that it has nothing left to do a minute later', async () => {
  await test.rows(`insert into system_state (name, value, updated_at) values
    ('delivery_log', jsonb_build_object('read_at', ${AHEAD}), ${AHEAD}), ('app', '{}', ${AHEAD})`);
  expect(await correctTimes(test.orm, running)).toMatchObject({ system_state: 2 });
  expect(await correctTimes(test.orm, running)).toBeNull();
  // Times of the log are GitHub's.
  expect(
    await test.rows(`select (value ->> 'read_at')::timestamptz > now() as ahead from system_state
      where name = 'delivery_log'`),
  ).toEqual([{ ahead: true }]);
});

it('makes a sweep compare again what was compared then', async () => {
  await sweepAt(AHEAD);
  await test.rows(`update repositories set last_synced_at = ${AHEAD}`);
  expect(await areFresh()).toEqual([true, true, true]);
  await correctTimes(test.orm, running);
  await test.rows(`update repositories set last_synced_at = last_synced_at - interval '11 minutes'`);
  expect(await areFresh()).toEqual([false, false, false]);
});

it('leaves times alone that lie ahead on purpose', async () => {
  await sweepAt('now()');
  await test.rows(`update repository_sync set wanted_at = now(), wanted_after = now() + interval '1 hour',
    lease_until = now() + interval '30 seconds'`);
  expect(await correctTimes(test.orm, running)).toBeNull();
  expect(await timesAhead()).toEqual(['repository_sync.wanted_after']);
});
