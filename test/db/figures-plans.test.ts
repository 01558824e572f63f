import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { loadQuestions } from '../../src/db/dashboard/questions.ts';
import { createPullRequestFigures } from '../../src/db/pull-requests/pull-request-figures.ts';
import { inTransaction, type Sql } from '../../src/db/orm.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;
let plans: Plans;

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  await test.rows(`insert into contributors (type) select 'Anonymous' from generate_series(1, 3000)`);
});
afterAll(() => test.close());

describe('the review load', () => {
  it('is computed without comparing all pairs of people', async () => {
    await test.rows(`insert into installations
      (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
      values (2, 2, 'other', 'Organization', 'all', '{}', '[]', now())`);
    await test.rows(`insert into repositories
      (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
       default_branch, created_at, updated_at)
      select n, 'R_' || n, 1 + n % 2, 'other', 'r' || n, 'other/r' || n, false, 'public', false, false, false, 'main', now(),
        now() from generate_series(101, 5100) n`);
    await test.rows(`insert into pull_requests
      (id, repository_id, number, title, state, head_ref, head_sha, base_ref, created_at, updated_at)
      select 6000000 + id, id, id, 't', 'closed', 'h', 's', 'main', now(), now() from repositories where id > 100`);
    await test.rows(`insert into pull_request_reviews
      (id, repository_id, pull_request_id, number, state, author_id, submitted_at)
      select 6000000 + id, id, 6000000 + id, id, 'COMMENTED', 1 + id % 2500, now() from repositories where id > 100`);
    await test.rows('analyze');
    const question = loadQuestions().find(({ slug }) => slug === 'review-load');
    plans.most();
    expect(await test.rows(question?.sql ?? '')).toHaveLength(50);
    // The most is one look at each of 5,003 repositories.
    expect(plans.most().rows).toBeLessThanOrEqual(10_000);
    await test.rows('delete from pull_requests; delete from pull_request_reviews');
  });
});

describe('the figures of a pull request', () => {
  it('are read from one row, however many reviews, comments and bots there are', async () => {
    await test.rows(`insert into contributors (type) select 'Bot' from generate_series(1, 10000)`);
    // PostgreSQL then knows that a list of them does not fit into `work_mem`.
    await test.rows('analyze contributors');
    await test.rows(`insert into pull_requests
      (id, repository_id, number, title, state, head_ref, head_sha, base_ref, created_at, updated_at)
      values (7000000, 2, 700, 't', 'open', 'h', 's', 'main', now(), now())`);
    await test.rows(`insert into pull_request_reviews
      (id, repository_id, pull_request_id, number, state, author_id, submitted_at)
      select 7000000 + n, 2, 7000000, 700, 'COMMENTED', 2900 + n, now() from generate_series(1, 200) n`);
    await test.rows(`insert into issue_comments (id, repository_id, number, author_id, created_at, updated_at)
      select 7000000 + n, 2, 700, 1 + n, now(), now() from generate_series(1, 2000) n`);
    plans.most();
    const [figures] = await test.rows<{ reviews: number; comments: number }>(
      'select reviews, comments from pull_request_metrics where pull_request_id = 7000000',
    );
    // Of the reviewers a hundred are the last of the 3,000 people, the others the first bots.
    expect(figures).toEqual({ reviews: 100, comments: 2000 });
    expect(plans.most().rows).toBe(1);
  });

  it('are adjusted for a new comment without reading the others', async () => {
    await inTransaction(test.orm, async (tx) => {
      const before = await rowsRead(tx);
      await sql`insert into issue_comments (id, repository_id, number, author_id, created_at, updated_at)
        values (7900000, 2, 700, 1, now(), now())`.execute(tx);
      await sql`insert into pull_request_review_threads (id, node_id, repository_id, pull_request_id, number, path, resolved)
        values (7900000, 'T', 2, 7000000, 700, 'p', false)`.execute(tx);
      expect((await rowsRead(tx)) - before).toBe(0);
      const { rows } = await sql`
        select comments, unresolved_threads from pull_request_metrics where pull_request_id = 7000000`.execute(
        tx,
      );
      expect(rows).toEqual([{ comments: 2001, unresolved_threads: 1 }]);
    });
  });
});

/** How many rows of a pull request's conversation the session has read, triggers and all. */
async function rowsRead(tx: Sql): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as n from pg_stat_xact_user_tables
    where relname in ('issue_comments', 'pull_request_reviews', 'pull_request_review_threads')`.execute(tx);
  return rows[0]?.n ?? Number.NaN;
}

describe('the figures of pull requests', () => {
  it('are read once for all callers for a large installation, and per request for a small one', async () => {
    await test.rows(`insert into installations
      (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
      values (3, 3, 'large', 'Organization', 'all', '{}', '[]', now())`);
    await test.rows('update repositories set installation_id = 3 where id = 3');
    await test.rows(`insert into pull_requests
      (id, repository_id, number, title, state, head_ref, head_sha, base_ref, created_at, updated_at)
      select 9000000 + n, 3, 100000 + n, 't', 'open', 'h', 's', 'main', now() - interval '200 days', now()
      from generate_series(1, 10001) n`);
    await test.rows('analyze pull_requests');
    const figuresOf = createPullRequestFigures(test.db);
    async function counted(installationId: number): Promise<number> {
      plans.matching(/./);
      await Promise.all([1, 2, 3].map(() => figuresOf(installationId)));
      return plans.matching(/longest_waiting_since|median_hours_to_merge/).length;
    }
    expect((await figuresOf(1)).now.open).toBe(1);
    expect(await counted(3)).toBe(2);
    expect((await figuresOf(3)).now.open).toBe(10_001);
    expect(await counted(1)).toBe(6);
    await test.rows(`update pull_requests set draft = true where id = 7000000`);
    expect((await figuresOf(1)).now.drafts).toBe(1);
  });
});
