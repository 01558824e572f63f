import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { prepareHealth } from '../../src/api/prepare-health.ts';
import { createLargeCounts } from '../../src/db/health/large-counts.ts';
import { readHealth } from '../../src/db/health/health.ts';
import { createLogger } from '../../src/logger.ts';
import { watchPlans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const PEOPLE = 30_000;
const MINUTE_MS = 60_000;
const settings = { SYNC_INTERVAL: MINUTE_MS, SYNC_FRESH_FOR: MINUTE_MS };
const log = createLogger('test', 'silent');

let test: TestRows;
beforeAll(async () => {
  test = await openTestRows();
});
afterAll(() => test.close());

it('computes shared counts before the first request', async () => {
  const plans = await watchPlans(test);
  await test.rows(`with people as (
      insert into contributors (type) select 'Anonymous' from generate_series(1, ${PEOPLE}) returning id)
    insert into repository_contributors (repository_id, contributor_id, commits_count) select 1, id, 1 from people`);
  const counts = createLargeCounts(test.db);
  await prepareHealth({ db: test.db, counts, log }, settings);
  plans.most();
  const { system } = await readHealth(test.db, counts, { intervalMs: MINUTE_MS, freshForMs: MINUTE_MS });
  expect(system.total_contributors).toBe(PEOPLE);
  const most = plans.most();
  expect({ ...most, few: most.rows < 1000 }).toEqual({ ...most, few: true });
});

it('leaves unavailable counts to the first request', async () => {
  const gone = await openTestRows();
  await gone.close();
  const counts = createLargeCounts(gone.db);
  await expect(prepareHealth({ db: gone.db, counts, log }, settings)).resolves.toBeUndefined();
});
