import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { deleteExpiredDeliveries } from '../../src/db/deliveries/delete-expired-deliveries.ts';
import { deleteExpiredRows } from '../../src/worker/delete-expired-rows.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const DAY_MS = 86_400_000;
const retention = { webhook_deliveries: 30 * DAY_MS, sync_jobs: 90 * DAY_MS };
const running = new AbortController().signal;

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
});
afterAll(() => test.close());
beforeEach(() => test.rows('truncate webhook_deliveries, sync_jobs'));

/** `n` deliveries of a status, received so many days ago. */
function deliveries(status: string, days: number, n = 1): Promise<unknown> {
  return test.rows(`insert into webhook_deliveries (guid, event, status, received_at, payload)
    select gen_random_uuid(), 'push', '${status}', now() - ${days} * interval '1 day', '{}' from generate_series(1, ${n})`);
}

function job(status: string, startedDays: number, finishedDays: number | null): Promise<unknown> {
  const finished = finishedDays === null ? 'null' : `now() - ${finishedDays} * interval '1 day'`;
  return test.rows(`insert into sync_jobs (id, job_type, status, trigger, started_at, finished_at, workflow_id, run_id)
    values (gen_random_uuid(), 'webhook', '${status}', 'webhook', now() - ${startedDays} * interval '1 day', ${finished}, '', '')`);
}

it('deletes completed deliveries after their retention, and no pending one', async () => {
  for (const status of ['processed', 'ignored', 'failed', 'pending']) {
    await deliveries(status, 31);
    await deliveries(status, 29);
  }
  expect(await deleteExpiredRows(test.orm, retention, running)).toEqual({
    webhook_deliveries: 3,
    sync_jobs: 0,
  });
  const left = await test.rows<{ status: string; n: number }>(
    'select status, count(*)::int as n from webhook_deliveries group by status order by status',
  );
  expect(left).toEqual([
    { status: 'failed', n: 1 },
    { status: 'ignored', n: 1 },
    { status: 'pending', n: 2 },
    { status: 'processed', n: 1 },
  ]);
});

it('deletes jobs after their retention, and no running one, however old', async () => {
  await job('completed', 200, 91);
  await job('failed', 91, 89);
  await job('running', 400, null);
  expect(await deleteExpiredRows(test.orm, retention, running)).toEqual({
    webhook_deliveries: 0,
    sync_jobs: 1,
  });
  expect(await test.rows('select status from sync_jobs order by status')).toEqual([
    { status: 'failed' },
    { status: 'running' },
  ]);
});

it('works in as many batches as needed', async () => {
  await deliveries('processed', 31, 1203);
  expect(await deleteExpiredDeliveries(test.db, retention.webhook_deliveries)).toEqual({
    deleted: 500,
    more: true,
  });
  expect((await deleteExpiredRows(test.orm, retention, running)).webhook_deliveries).toBe(703);
  await deliveries('processed', 31);
  // Told to stop, it begins none.
  expect(await deleteExpiredRows(test.orm, retention, AbortSignal.abort())).toEqual({
    webhook_deliveries: 0,
    sync_jobs: 0,
  });
});

it('skips locked rows without waiting', async () => {
  await deliveries('failed', 31, 2);
  const em = test.orm.em.fork();
  await em.begin();
  // A person has one applied again at this moment.
  await em.getConnection().execute(
    `update webhook_deliveries set status = 'pending'
     where guid = (select guid from webhook_deliveries limit 1)`,
    [],
    'run',
    em.getTransactionContext(),
  );
  expect((await deleteExpiredRows(test.orm, retention, running)).webhook_deliveries).toBe(1);
  await em.commit();
  expect((await deleteExpiredRows(test.orm, retention, running)).webhook_deliveries).toBe(0);
  expect(await test.rows('select status from webhook_deliveries')).toEqual([{ status: 'pending' }]);
});

it('finds expired rows at the end of an index', async () => {
  await deliveries('processed', 1, 5000);
  await test.rows('analyze webhook_deliveries');
  const [plan] = await test.rows<{ 'QUERY PLAN': unknown }>(
    `explain (format json) select guid from webhook_deliveries
     where received_at < now() - interval '30 days' and status <> 'pending'
     order by received_at limit 500 for update skip locked`,
  );
  expect(JSON.stringify(plan)).toContain('webhook_deliveries_received');
});
