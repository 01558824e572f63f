import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { lastReceivedAgo } from '../../src/db/deliveries/dirty-repositories.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const ROWS = 3000;
let test: TestRows;
let plans: Plans;

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  // Of the last days, as an installation has them that is quiet now.
  await test.rows(`insert into webhook_deliveries
      (guid, event, installation_id, repository_id, received_at, status, payload)
    select gen_random_uuid(), 'issues', 7, n % 100, now() - n * interval '1 minute', 'processed', '{}'
    from generate_series(1, ${ROWS}) n`);
});
afterAll(() => test.close());

it('reads none of the deliveries that an installation had before, to know when it received the last', async () => {
  plans.matching(/./);
  expect(await lastReceivedAgo(test.db, 7, 200)).toBe(null);
  expect(plans.most().rows).toBeLessThan(10);
  await test.rows(`insert into webhook_deliveries (guid, event, installation_id, received_at, payload)
    select gen_random_uuid(), 'issues', 7, now() - make_interval(secs => s), '{}' from unnest(array[20, 10, 30]) s`);
  expect(await lastReceivedAgo(test.db, 7, 60_000)).toBeGreaterThanOrEqual(10_000);
  expect(await lastReceivedAgo(test.db, 7, 60_000)).toBeLessThan(20_000);
  expect(await lastReceivedAgo(test.db, 8, 60_000)).toBe(null);
});
