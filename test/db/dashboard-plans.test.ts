import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listHours } from '../../src/db/dashboard/hours.ts';
import { findInstallationRow, listInstallations } from '../../src/db/dashboard/installations.ts';
import { readRepositoryContents } from '../../src/db/dashboard/repository-contents.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const REPOSITORIES = 2000;
const SETTINGS = { intervalMs: 900_000, freshForMs: 600_000 };

let test: TestRows;
let plans: Plans;

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  // Two that have nearly all of the repositories, and 200 that have one each.
  await test.rows(`insert into installations
    (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
    select n, n, 'acme' || n, 'Organization', 'all', '{}', '[]', now() from generate_series(2, 202) n`);
  await test.rows(`insert into repositories
    (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
     default_branch, created_at, updated_at, sync_status, last_synced_at)
    select 1000 + n, 'R_' || n, case when n <= ${REPOSITORIES} then 1 + n % 2 else n - ${REPOSITORIES} + 2 end, 'o', 'r' || n,
      'o/r' || n, false, 'public', false, false, false, 'main', now(), now(), 'fresh', now() - n % 2 * interval '1 day'
    from generate_series(1, ${REPOSITORIES} + 200) n`);
  await test.rows('analyze');
});
afterAll(() => test.close());

describe('the page of installations', () => {
  it('reads their repositories once, however few most of them have', async () => {
    plans.most();
    const { installations, next } = await listInstallations(test.db, SETTINGS, {
      limit: 150,
      after: undefined,
    });
    expect(next).not.toBeNull();
    const [first, second] = installations.filter(({ id }) => id <= 2).toSorted((a, b) => a.id - b.id);
    expect(first?.repositories).toEqual({ fresh: 1000, catching_up: 3, late: 0, needs_you: 0, paused: 0 });
    expect(second?.repositories).toEqual({ fresh: 0, catching_up: 0, late: 1000, needs_you: 0, paused: 0 });
    expect(plans.most().rows).toBeLessThanOrEqual(REPOSITORIES + 203);
  });

  it('shows one without any', async () => {
    await test.rows('update repositories set installation_id = null where installation_id = 50');
    expect(await findInstallationRow(test.db, SETTINGS, 50)).toMatchObject({
      commits: 0,
      repositories: { fresh: 0, catching_up: 0, late: 0, needs_you: 0, paused: 0 },
    });
  });
});

describe('the last 24 hours', () => {
  it('are read by index, however many rows are older', async () => {
    await test.rows(`insert into webhook_deliveries (guid, event, received_at, status, recovered, payload)
      select gen_random_uuid(), 'push', date_trunc('hour', now()) - n * interval '30 minutes', case when n % 4 = 0 then 'failed'
        else 'processed' end, n % 8 = 0, '{}' from generate_series(1, 5000) n`);
    await test.rows('analyze webhook_deliveries');
    plans.most();
    const hours = await listHours(test.db);
    expect(hours).toHaveLength(24);
    expect(hours.slice(0, 23).map(({ deliveries }) => deliveries)).toEqual(
      Array.from({ length: 23 }, () => 2),
    );
    expect(hours.reduce((sum, one) => sum + one.deliveries_failed, 0)).toBe(11);
    expect(hours.reduce((sum, one) => sum + one.deliveries_recovered, 0)).toBe(5);
    // What a filter removed in each of the 24 hours is told as a rounded average.
    expect(plans.most().rows).toBeLessThanOrEqual(48 + 24 / 2);
  });

  it('are counted in indexes alone, wherever in their table the deliveries are', async () => {
    await test.rows('truncate webhook_deliveries');
    // Vacuum believes in a commit once it is on disk, which others are later.
    await test.rows(`set local synchronous_commit = on;
      insert into webhook_deliveries (guid, event, received_at, status, attempts, processed_at, payload)
      select gen_random_uuid(), 'push', at, 'processed', 1, at, '{}'
      from (select now() - (n * 7919 % 60000) * interval '15 seconds' as at from generate_series(1, 60000) n) d`);
    await test.rows('vacuum analyze webhook_deliveries');
    plans.matching(/./);
    const hours = await listHours(test.db);
    expect(hours.reduce((sum, one) => sum + one.deliveries, 0)).toBeGreaterThan(5000);
    const [table] = await test.rows<{ pages: number }>(
      `select relpages as pages from pg_class where oid = 'webhook_deliveries'::regclass`,
    );
    expect(plans.pages(/deliveries_recovered/)).toBeLessThan((table?.pages ?? 0) / 2);
  });
});

describe('the page of a repository', () => {
  it('reads only the newest commits and issues, however many there are', async () => {
    await test.rows('truncate commits, issues');
    await test.rows(`insert into commits (repository_id, sha, message, parents, committed_at)
      select 1001 + n % 2, 's' || n, 'm', '{}', case when n > 4 then now() - n * interval '1 hour' end
      from generate_series(1, 20000) n`);
    await test.rows(`insert into issues (id, repository_id, number, title, state, created_at, updated_at)
      select n, 1001 + n % 2, n, 't', 'open', now(), now() - n * interval '1 hour' from generate_series(1, 20000) n`);
    await test.rows('analyze commits, issues');
    plans.most();
    const { commits, open_issues: issues } = await readRepositoryContents(test.db, 1001, 10);
    expect(commits.map(({ sha }) => sha)).toEqual([6, 8, 10, 12, 14, 16, 18, 20, 22, 24].map((n) => `s${n}`));
    expect(issues[0]?.number).toBe(2);
    expect(plans.most().rows).toBeLessThanOrEqual(30);
  });

  it('shows commits without a time behind all others', async () => {
    await test.rows(`delete from commits where committed_at is not null and sha <> 's6'`);
    const { commits } = await readRepositoryContents(test.db, 1001, 10);
    expect(commits.map(({ sha }) => sha)).toEqual(['s6', 's2', 's4']);
  });
});
