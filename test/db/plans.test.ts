import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { findTeamHealth, listMostActive, listMostActiveContributors } from '../../src/db/analytics.ts';
import { readDrift, sumDrift } from '../../src/db/repository-sync/drift.ts';
import { countListed, unlisted } from '../../src/db/rows/issue-numbers.ts';
import { setHead } from '../../src/db/repositories/sync-status.ts';
import { repositoriesWithPending } from '../../src/db/deliveries/pending-work.ts';
import { inTransaction, type Sql } from '../../src/db/orm.ts';
import { recountContributors } from '../../src/db/repository-contributors/recount-contributors.ts';
import { changeBetween } from '../../src/db/commits/change-between.ts';
import { historyChange, rewriteHistory } from '../../src/db/commits/rewrite-history.ts';
import {
  appendLiveCommits,
  missingAncestors,
  type StoredCommit,
} from '../../src/db/commits/write-commits.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const ROWS = 30_000;
/**
 * A statement may go through its table a few times, but not once for each row. A few: one statement usually goes
 * three times through it, and did so four times in one run of thirteen.
 */
const LINEAR = 6 * ROWS;

let test: TestRows;
let plans: Plans;

const shaOf = (n: string) => `lpad(to_hex(${n}), 40, '0')`;
const at = (n: number) => n.toString(16).padStart(40, '0');
const HEAD = at(ROWS);

async function transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
  return inTransaction(test.orm, work);
}

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  // One line of commits by many people, all live, and nothing of it analyzed.
  await test.rows(`insert into contributors (type) select 'Anonymous' from generate_series(1, 3000)`);
  await test.rows(`insert into commits (repository_id, sha, message, parents, author_id)
    select 1, ${shaOf('n')}, 'm', case when n = 1 then '{}' else array[${shaOf('n - 1')}] end, 1 + n % 3000
    from generate_series(1, ${ROWS}) n`);
  await transaction((tx) => recountContributors(tx, 1, null));
});
afterAll(() => test.close());

describe('statements over a whole repository', () => {
  it('read a bounded number of rows when nothing of the history changed', async () => {
    await transaction(async (tx) => {
      const change = await historyChange(tx, 1, HEAD);
      expect(change).toEqual({ orphaned: [], revived: [] });
    });
    await transaction((tx) => rewriteHistory(tx, 1, HEAD, null, true));
    expect(plans.most().rows).toBeLessThan(LINEAR);
  });

  it('read a bounded number of rows when the head was moved back', async () => {
    const head = (ROWS - 2).toString(16).padStart(40, '0');
    const change = await transaction((tx) => historyChange(tx, 1, head));
    expect(change?.orphaned).toHaveLength(2);
    const written = await transaction((tx) => rewriteHistory(tx, 1, head, change, false));
    expect(written).toEqual({ commits: 2, repository_contributors: 2, live: -2 });
    expect(await transaction((tx) => missingAncestors(tx, 1, HEAD, false))).toEqual([]);
    expect(plans.most().rows).toBeLessThan(LINEAR);
  });

  it('read only the commits that a force push drops and those beside them', async () => {
    // Three commits in place of the newest two, and one of the two was the merge of a branch that began 100 commits earlier.
    await test.rows(`update commits set orphaned_at = null`);
    await test.rows(`insert into commits (repository_id, sha, message, parents, author_id, committed_at, orphaned_at)
      values (1, 's1', 'm', array['${at(ROWS - 100)}'], 1, now() - interval '100 hours', null),
        (1, 's2', 'm', array['s1'], 1, now() - interval '1 hour', null),
        (1, 'n1', 'm', array['${at(ROWS - 2)}'], 2, now(), now()), (1, 'n2', 'm', array['n1'], 2, now(), now()),
        (1, 'n3', 'm', array['n2'], 2, now(), now())`);
    await test.rows(`update commits set parents = parents || 's2'::text where sha = '${HEAD}'`);
    await test.rows(`update commits set committed_at = now() - (${ROWS} - ('x' || right(sha, 8))::bit(32)::int) * interval '1 hour'
      where sha like '0%'`);
    await transaction((tx) => recountContributors(tx, 1, null));
    plans.most();
    const heads = { from: HEAD, to: 'n3', dropped: 4 };
    const change = await transaction((tx) => changeBetween(tx, 1, heads));
    expect(change?.orphaned.toSorted()).toEqual([at(ROWS - 1), HEAD, 's1', 's2']);
    expect(change?.revived.toSorted()).toEqual(['n1', 'n2', 'n3']);
    const written = await transaction((tx) => rewriteHistory(tx, 1, 'n3', change, false));
    expect(written.commits).toBe(4);
    expect(plans.most().rows).toBeLessThan(500);
    await transaction((tx) =>
      rewriteHistory(tx, 1, HEAD, { orphaned: ['n1', 'n2', 'n3'], revived: change?.orphaned ?? [] }, false),
    );
  });

  it('read hundreds of dropped commits only by lookups', async () => {
    const heads = { from: HEAD, to: at(ROWS - 700), dropped: 702 };
    plans.most();
    const change = await transaction((tx) => changeBetween(tx, 1, heads));
    expect(change?.orphaned).toHaveLength(702);
    // Looked at twice as many at most each time: less than three times as many in all.
    expect(plans.most().rows).toBeLessThan(3 * 702);
    await transaction((tx) => rewriteHistory(tx, 1, heads.to, change, false));
    // To each of its authors a few commits, the dropped ones among them.
    expect(plans.most().rows).toBeLessThan(4 * 702);
    const rows = `select commits_count, first_commit_at, last_commit_at from repository_contributors order by contributor_id`;
    const adjusted = await test.rows(rows);
    expect(await transaction((tx) => recountContributors(tx, 1, null))).toBe(0);
    plans.most();
    const found =
      await test.rows<StoredCommit>(`select repository_id, sha, message, author_name, author_email, author_id,
      committer_name, committer_email, authored_at, committed_at, parents from commits where sha = any('{${(change?.orphaned ?? []).join()}}')`);
    plans.most();
    expect(await transaction((tx) => appendLiveCommits(tx, 1, found))).toBe(702);
    expect(plans.most().rows).toBeLessThan(4 * 702);
    expect(await transaction((tx) => recountContributors(tx, 1, null))).toBe(0);
    expect(await test.rows(rows)).not.toEqual(adjusted);
    await transaction((tx) => setHead(tx, 1, HEAD));
  });

  it('read a bounded number of rows when the whole history was replaced', async () => {
    await test.rows(
      `insert into commits (repository_id, sha, message, parents) values (1, 'root', 'm', '{}')`,
    );
    await transaction(async (tx) => {
      await rewriteHistory(tx, 1, 'root', null, true);
      expect((await sql`select 1 from commits where orphaned_at is null`.execute(tx)).rows).toHaveLength(1);
      await rewriteHistory(tx, 1, HEAD, null, true);
    });
    expect(plans.most().rows).toBeLessThan(LINEAR);
  });

  it('read a bounded number of rows when a list of issues was read to its end', async () => {
    await test.rows('analyze listed_ids');
    await test.rows(`insert into issues (id, repository_id, number, title, state, created_at, updated_at)
      select n, 1, n, 't', 'open', now(), now() from generate_series(1, ${ROWS}) n`);
    await test.rows(`insert into listed_ids select 1, 'issues', n from generate_series(2, ${ROWS}) n`);
    expect(await countListed(test.db, 1, 'issues')).toBe(ROWS - 1);
    const missing: number[] = [];
    for await (const page of unlisted(test.db, 1, 'issues')) missing.push(...page.map(({ id }) => id));
    expect(missing).toEqual([1]);
    expect(plans.most().rows).toBeLessThan(LINEAR);
  });

  it('read page by page the thousands that a list lacks', async () => {
    await test.rows(`delete from listed_ids where id <= 4500`);
    const sizes: number[] = [];
    for await (const page of unlisted(test.db, 1, 'issues')) sizes.push(page.length);
    expect(sizes).toEqual([1000, 1000, 1000, 1000, 500]);
    expect(plans.most().rows).toBeLessThan(LINEAR);
  });

  it('read a bounded number of rows when several deliveries wait for each of thousands of repositories', async () => {
    await test.rows(`insert into webhook_deliveries (guid, event, repository_id, payload)
      select gen_random_uuid(), 'push', n % 3000, '{}' from generate_series(1, ${ROWS}) n where n % 3000 > 0`);
    plans.most();
    const met: number[] = [];
    for (let after = 0; ;) {
      const page = await repositoriesWithPending(test.db, after, 500);
      met.push(...page.map(({ id }) => id));
      expect(plans.most().rows).toBeLessThanOrEqual(1000);
      if (page.length < 500) break;
      after = page.at(-1)?.id ?? 0;
    }
    expect(met).toEqual(Array.from({ length: 2999 }, (_one, at) => at + 1));
  });
});

describe('the results of full comparisons', () => {
  it('is read a page at a time, however many repositories there are', async () => {
    await test.rows(`insert into repositories
      (id, node_id, owner_login, name, full_name, private, visibility, archived, disabled, fork, default_branch,
       created_at, updated_at)
      select n, 'V_' || n, 'v', 'r' || n, 'v/r' || n, false, 'public', false, false, false, 'main', now(), now()
      from generate_series(10001, 12500) n`);
    await test.rows(`insert into repository_sync (repository_id, verified_at, verified)
      select n, now(), jsonb_build_object('compared', jsonb_build_object('commits', 2, 'issues', 1),
        'healed', jsonb_build_object('commits', 0, 'issues', n % 2))
      from generate_series(10001, 12500) n on conflict (repository_id) do update
      set verified_at = excluded.verified_at, verified = excluded.verified`);
    plans.most();
    expect(await sumDrift(test.db, '-infinity')).toEqual({
      repositories: 2500,
      compared: { commits: 5000, issues: 2500 },
      healed: { commits: 0, issues: 1250 },
    });
    const pages: number[] = [];
    for await (const page of readDrift(test.db, '-infinity')) pages.push(page.length);
    expect(pages).toEqual([1000, 250]);
    // Four counts of each of a thousand; the whole of it would be 10,000.
    expect(plans.most().rows).toBeLessThanOrEqual(4000);
    await test.rows('delete from repositories where id > 10000');
  });
});

describe('the analytics of an installation', () => {
  it('read its own recent rows once, however many others have', async () => {
    // 300 repositories: each with 3 recent commits and 3 old ones, 20 issues closed long ago and one that is open
    await test.rows(`insert into installations
      (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
      values (2, 2, 'many', 'Organization', 'all', '{}', '[]', now())`);
    await test.rows(`insert into repositories
      (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
       default_branch, created_at, updated_at)
      select n, 'R_' || n, 2, 'many', 'r' || n, 'many/r' || n, false, 'public', false, false, false, 'main', now(), now()
      from generate_series(101, 400) n`);
    await test.rows(`insert into commits (repository_id, sha, message, parents, author_id, committed_at)
      select n, 'c' || k, 'm', '{}', 1 + n % 5, now() - k * interval '20 days'
      from generate_series(101, 400) n, unnest(array[1, 2, 3, 6, 7, 8]) k`);
    await test.rows(`insert into issues
      (id, repository_id, number, title, state, created_at, updated_at, closed_at)
      select 1000000 + n * 100 + k, n, k, 't', case when k = 0 then 'open' else 'closed' end, now() - interval '1 year',
        now(), case when k > 0 then now() - interval '200 days' end
      from generate_series(101, 400) n, generate_series(0, 20) k`);
    const own = 300 * 3;
    plans.most();
    const health = await findTeamHealth(test.db, 2);
    expect(health?.components).toMatchObject({
      activity: { commits_30d: 300, commits_90d: own },
      backlog: { open_issues: 300, stale_issues: 0 },
      closing: { median_hours_to_close_90d: null },
    });
    expect(plans.most().rows).toBeLessThanOrEqual(own);
    const page = await listMostActive(test.db, 2, { limit: 2, after: { commits: 3, id: 390 } });
    expect(page.repositories.map(({ repository_id }) => repository_id)).toEqual([391, 392]);
    expect(plans.most().rows).toBeLessThanOrEqual(own);
    expect(await listMostActiveContributors(test.db, 2)).toHaveLength(5);
    expect(plans.most().rows).toBeLessThanOrEqual(own);
  });
});

describe('the figures of a repository', () => {
  it('read only recent or open rows, however many are closed, merged and reviewed', async () => {
    // Repository 3: 5,000 issues and pull requests that ended long ago, with a review and a comment each, and 20 of now.
    const n = 'generate_series(1, 5020) n';
    const at = `now() - case when n > 5000 then interval '2 days' else interval '200 days' end`;
    await test.rows(`insert into issues (id, repository_id, number, title, state, created_at, updated_at, closed_at)
      select 8000000 + n, 3, 10000 + n, 't', 'closed', ${at}, ${at}, ${at} from ${n}`);
    await test.rows(`insert into pull_requests (id, repository_id, number, title, state, head_ref, head_sha, base_ref,
        created_at, updated_at, closed_at, merged_at)
      select 8000000 + n, 3, n, 't', 'closed', 'h', 's', 'main', ${at}, ${at}, ${at}, ${at} from ${n}`);
    await test.rows(`insert into pull_request_reviews (id, repository_id, pull_request_id, number, state, author_id, submitted_at)
      select 8000000 + n, 3, 8000000 + n, n, 'APPROVED', 1, ${at} from ${n}`);
    await test.rows(`insert into issue_comments (id, repository_id, number, author_id, created_at, updated_at)
      select 8000000 + n, 3, n, 1, ${at}, ${at} from ${n}`);
    // As autovacuum does: without statistics a repository counts as a 200th of each table, and each review and comment left an
    // entry of the figures' index behind.
    await test.rows('analyze issues, pull_requests, pull_request_reviews, issue_comments');
    await test.rows('vacuum (analyze) pull_request_figures');
    plans.most();
    const [figures] = await test.rows('select * from repository_metrics where repository_id = 3');
    expect(figures).toMatchObject({
      issues_closed_30d: 20,
      pull_requests_opened_30d: 20,
      pull_requests_merged_30d: 20,
      median_hours_to_first_review_90d: expect.closeTo(0),
      merged_without_review_90d: 0,
    });
    // Recent reviews and comments, in one list.
    expect(plans.most().rows).toBeLessThanOrEqual(40);
  });
});
