import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readRepositoryReviews } from '../../src/db/dashboard/repository-reviews.ts';
import { sqlOf } from '../../src/db/orm.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const THREADS = 20_000;
const UNRESOLVED = 200;
const question = new URL('../../src/db/questions/17-unresolved-conversations.sql', import.meta.url);

let test: TestRows;
let plans: Plans;

/** Two comments in each thread, and nothing analyzed. */
beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  await test.rows(`insert into pull_requests
      (id, repository_id, number, title, state, created_at, updated_at, draft, head_ref, head_sha, base_ref)
    select n, 1, n, 't', 'open', now(), now(), false, 'h', 's', 'b' from generate_series(1, 20) n`);
  await test.rows(`insert into pull_request_review_threads
      (id, node_id, repository_id, pull_request_id, number, path, resolved)
    select n, 'n' || n, 1, 1 + n % 20, 1 + n % 20, 'p', n > ${UNRESOLVED} from generate_series(1, ${THREADS}) n`);
  await test.rows(`insert into pull_request_review_comments
      (id, repository_id, pull_request_id, number, thread_id, path, body, author_login, created_at, updated_at)
    select n, 1, 1 + n % 20, 1 + n % 20, n % ${THREADS}, 'p', 'b', 'ann', now(), now()
    from generate_series(1, ${2 * THREADS}) n`);
});
afterAll(() => test.close());

it.each(['missing', 'fresh'])('takes conversations by themselves, with %s statistics', async (statistics) => {
  if (statistics === 'fresh') await test.rows('analyze');
  plans.matching(/./);
  await readRepositoryReviews(sqlOf(test.orm), 1, 10);
  // Once each, but not all of them again for each conversation.
  expect(plans.most().rows).toBeLessThanOrEqual(2 * THREADS);
  await test.rows(readFileSync(question, 'utf8'));
  expect(plans.most().rows).toBeLessThanOrEqual(2 * THREADS);
});
