import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addDelivery, addInstallation } from './rows.ts';
import { startTestApi, type TestApi } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await addInstallation(api.db, 7);
});
afterAll(() => api.close());

const pulse = (etag = '') =>
  api.app.inject({ url: '/api/dashboard/pulse/', headers: { 'if-none-match': etag } });

it('reads its values once for all open dashboards', async () => {
  const answers = await api.db.transaction().execute(async (transaction) => {
    await sql`lock table installations in access exclusive mode`.execute(transaction);
    const asked = Array.from({ length: 20 }, () => pulse());
    let waiting = 0;
    while (waiting === 0) {
      await sleep(20);
      waiting = await waitingForLocks();
    }
    await sleep(100); // others would be there by now
    expect(await waitingForLocks()).toBe(1);
    return asked;
  });
  const told = await Promise.all(answers);
  expect(new Set(told.map(({ headers }) => headers.etag)).size).toBe(1);
});

it('answers 304 to a tag that a proxy made weak, to a list of tags, and to any', async () => {
  const { headers } = await pulse();
  const codes = [`W/${headers.etag}`, `"other", W/${headers.etag}`, '*', '"other"'].map(
    async (tag) => (await pulse(tag)).statusCode,
  );
  expect(await Promise.all(codes)).toEqual([304, 304, 304, 200]);
});

it('answers 304 until something has changed, and shows it within two seconds', async () => {
  const { headers } = await pulse();
  expect((await pulse(headers.etag)).statusCode).toBe(304);
  await addDelivery(api.db, {});
  await sleep(1200);
  const changed = await pulse(headers.etag);
  expect([changed.statusCode, changed.json<{ pending_deliveries: number }>()]).toEqual([
    200,
    expect.objectContaining({ pending_deliveries: 1 }),
  ]);
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(api.db);
  return Number(rows[0]?.waiting);
}
