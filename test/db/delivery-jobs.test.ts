import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { finishDeliveryJobs, openDeliveryJobs } from '../../src/db/jobs/delivery-jobs.ts';
import { findJobErrors } from '../../src/db/jobs/find-job.ts';
import { recordFailure } from '../../src/db/jobs/write-jobs.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;
beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

it('counts how a job ended with the failures that it met before', async () => {
  const run = { installationId: 1, workflowId: 'w', runId: 'r', temporalUrl: null };
  const id = randomUUID();
  await openDeliveryJobs(test.db, run, [{ id, repositoryId: 1 }]);
  await recordFailure(test.db, id, { code: 'ROW_REFUSED', message: 'a row' }, 2);
  await recordFailure(test.db, id, { code: 'UNKNOWN', message: 'x' });
  const [job] = await finishDeliveryJobs(
    test.db,
    run,
    new Map([[id, { code: 'ROW_REFUSED', message: 'another' }]]),
  );
  expect([job?.status, job?.errors]).toEqual(['partial', 4]);
  expect(await findJobErrors(test.db, id)).toEqual([
    { code: 'ROW_REFUSED', count: 3 },
    { code: 'UNKNOWN', count: 1 },
  ]);
});
