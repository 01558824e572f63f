import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

describe('the schema', () => {
  it('has every column of the entities, with their types', async () => {
    const lacking = await test.orm.schema.getUpdateSchemaSQL({ safe: true, dropTables: false, wrap: false });
    expect(
      lacking.split('\n').filter((line) => /create table|add column|alter column .* type/i.test(line)),
    ).toEqual([]);
  });

  it('rejects a removal without a reason, and unknown states', async () => {
    await expect(test.rows('update repositories set removed_at = now()')).rejects.toThrow(/check constraint/);
    await expect(test.rows(`update repositories set sync_status = 'odd'`)).rejects.toThrow(
      /check constraint/,
    );
  });

  it('lets every table be changed that a publication contains', async () => {
    await test.rows('create publication everything for all tables');
    await test.rows(`insert into contributors (login, type) values ('long', 'User')`);
    await test.rows(`insert into contributor_emails_long (email, contributor_id)
      select repeat('x', 3000), id from contributors`);
    const published = await test.rows<{ table: string }>(
      `select tablename as table from pg_publication_tables where schemaname = 'public'`,
    );
    expect(published).toContainEqual({ table: 'contributor_emails_long' });
    // PostgreSQL asks for a row's identity before it looks for rows.
    for (const { table } of published) await test.rows(`delete from ${table} where false`);
    await test.rows('delete from contributors');
    expect(await test.rows('select 1 from contributor_emails')).toEqual([]);
  });
});

const seconds = 86_400;

/** Statements that people might run by hand, in any order. */
const statements = [
  `insert into commits (repository_id, sha, message, parents)
     select 1 + n % 3, md5(random()::text), 'm', '{}' from generate_series(1, 7) n`,
  `insert into issues (id, repository_id, number, title, state, created_at, updated_at)
     select (random() * 1e12)::bigint, 1 + n % 2, n, 't', 'open', now(), now() from generate_series(1, 5) n`,
  `insert into pull_requests (id, repository_id, number, title, state, head_ref, head_sha, base_ref, created_at, updated_at)
     select (random() * 1e12)::bigint, 2, n, 't', 'open', 'x', 'y', 'z', now(), now() from generate_series(1, 3) n`,
  `update commits set orphaned_at = now() where sha < '8' and orphaned_at is null`,
  `update commits set orphaned_at = null where sha < '4'`,
  `update issues set deleted_at = now(), deleted_reason = 'deleted' where number % 2 = 0 and deleted_at is null`,
  `update issues set deleted_at = null, deleted_reason = null where number = 2`,
  `update issues set repository_id = 3 where number = 5`,
  `update commits set message = 'other'`,
  `delete from commits where sha > 'c'`,
  `delete from issues where number = 1`,
  `delete from pull_requests where number = 1`,
  `update issues set title = 'x' where false`,
  'truncate issues',
  'truncate commits, pull_requests',
  `update issues set state = 'closed' where number % 3 = 0`,
  `update issues set state = case state when 'open' then 'closed' else 'open' end, repository_id = 1 where number = 4`,
  `update pull_requests set state = 'closed' where number = 2`,
];

describe('repository_totals', () => {
  it('are correct after any statements', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...statements), { maxLength: 8 }), async (list) => {
        for (const statement of list) await test.rows(statement);
        const wrong = await test.rows(`
          select r.id from repositories r left join repository_totals t on t.repository_id = r.id
          where (coalesce(t.commits, 0), coalesce(t.issues, 0), coalesce(t.pull_requests, 0), coalesce(t.open_issues, 0),
            coalesce(t.open_pull_requests, 0)) <> (
            (select count(*) from commits where repository_id = r.id and orphaned_at is null),
            (select count(*) from issues where repository_id = r.id and deleted_at is null),
            (select count(*) from pull_requests where repository_id = r.id and deleted_at is null),
            (select count(*) from issues where repository_id = r.id and deleted_at is null and state = 'open'),
            (select count(*) from pull_requests where repository_id = r.id and deleted_at is null and state = 'open'))`);
        expect(wrong).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

describe('erasing an installation', () => {
  it('removes everything of it, and nothing of others', async () => {
    for (const statement of statements.slice(0, 3)) await test.rows(statement);
    await test.rows(`insert into installations (id, account_id, account_login, account_type, repository_selection, permissions,
      events, created_at) values (2, 2, 'bob', 'User', 'all', '{}', '[]', now())`);
    await test.rows(`update repositories set installation_id = 2 where id = 3`);
    for (const id of [1, 2]) {
      await test.rows(`insert into webhook_deliveries (guid, event, installation_id, payload)
        values (gen_random_uuid(), 'push', ${id}, '{}')`);
      await test.rows(`insert into rate_limits (installation_id, resource) values (${id}, 'core')`);
      await test.rows(`insert into sync_jobs (id, job_type, status, trigger, installation_id, workflow_id, run_id)
        values (gen_random_uuid(), 'webhook', 'running', 'webhook', ${id}, 'w', 'r')`);
    }
    await test.rows('delete from installations where id = 1');
    for (const table of ['webhook_deliveries', 'rate_limits', 'sync_jobs', 'installations', 'repositories']) {
      expect({ table, left: (await test.rows(`select 1 from ${table}`)).length }).toEqual({ table, left: 1 });
    }
    expect(await test.rows('select distinct repository_id from commits')).toEqual([{ repository_id: 3 }]);
    expect(await test.rows('select repository_id from repository_totals')).toEqual([{ repository_id: 3 }]);
  });
});

interface Work {
  commits: { author: number | null; daysAgo: number; live: boolean }[];
  issues: { createdDaysAgo: number; openDays: number | null; quietDays: number; live: boolean }[];
}

const days = fc.integer({ min: 0, max: 120 });
const work: fc.Arbitrary<Work> = fc.record({
  commits: fc.array(
    fc.record({ author: fc.option(fc.integer({ min: 1, max: 4 })), daysAgo: days, live: fc.boolean() }),
    { maxLength: 20 },
  ),
  issues: fc.array(
    fc.record({
      createdDaysAgo: days,
      openDays: fc.option(fc.nat({ max: 100 })),
      quietDays: days,
      live: fc.boolean(),
    }),
    { maxLength: 12 },
  ),
});

// Half a day: no figure then depends on the instant at which it is asked for.
const ago = (n: number) => `now() - interval '${n * seconds + seconds / 2} seconds'`;

describe('repository_metrics', () => {
  it('equals a recount of the live rows', async () => {
    await test.rows(`insert into contributors (type) select 'User' from generate_series(1, 4)`);
    await fc.assert(
      fc.asyncProperty(work, async ({ commits, issues }) => {
        await test.rows('truncate commits, issues');
        for (const [at, { author, daysAgo, live }] of commits.entries()) {
          await test.rows(`insert into commits (repository_id, sha, message, parents, author_id, committed_at, orphaned_at)
            values (1, '${at}', '', '{}', ${author}, ${ago(daysAgo)}, ${live ? 'null' : 'now()'})`);
        }
        for (const [at, { createdDaysAgo, openDays, quietDays, live }] of issues.entries()) {
          const closed =
            openDays !== null && openDays < createdDaysAgo ? ago(createdDaysAgo - openDays) : null;
          await test.rows(`insert into issues (id, repository_id, number, title, state, created_at, updated_at, closed_at,
              deleted_at, deleted_reason)
            values (${at + 1}, 1, ${at}, '', '${closed ? 'closed' : 'open'}', ${ago(createdDaysAgo)}, ${ago(quietDays)},
              ${closed ?? 'null'}, ${live ? 'null, null' : `now(), 'deleted'`})`);
        }
        const [found] = await test.rows<Record<string, unknown>>(
          `select * from repository_metrics where repository_id = 1`,
        );
        expect(found).toMatchObject(recount({ commits, issues }));
        const [sums] = await test.rows<Record<string, number | null>>(`
          select sum(commits_30d) as commits_30d, sum(commits_90d) as commits_90d, sum(open_issues) as open_issues,
            sum(stale_issues) as stale_issues,
            percentile_cont(0.5) within group (order by median_hours_to_close_90d) as hours_to_close
          from repository_metrics`);
        const [health] = await test.rows<{ components: unknown }>('select components from team_health');
        expect(health?.components).toMatchObject({
          activity: { commits_30d: sums?.['commits_30d'], commits_90d: sums?.['commits_90d'] },
          backlog: { open_issues: sums?.['open_issues'], stale_issues: sums?.['stale_issues'] },
          closing: { median_hours_to_close_90d: sums?.['hours_to_close'] },
        });
      }),
      { numRuns: 25 },
    );
  });

  it('exists without any data, as team_health does', async () => {
    expect(await test.rows('select score from team_health')).toEqual([{ score: null }]);
    expect(
      await test.rows(
        'select commits_90d, bus_factor_90d, median_hours_to_close_90d from repository_metrics',
      ),
    ).toEqual(
      Array.from({ length: 3 }, () => ({
        commits_90d: 0,
        bus_factor_90d: 0,
        median_hours_to_close_90d: null,
      })),
    );
  });

  it('leaves out parts of team_health without data, and keeps its score between 0 and 100', async () => {
    for (const statement of statements.slice(0, 3)) await test.rows(statement);
    await test.rows(`update commits set committed_at = now() - interval '1 day'`);
    const [health] = await test.rows<{ score: number; components: Record<string, { score: number | null }> }>(
      'select score, components from team_health',
    );
    expect(health?.score).toBe(100);
    expect(health?.components['merging']?.score).toBeNull();
    expect(health?.components['activity']?.score).toBe(100);
  });

  it.each([
    ['a holiday: no commits for 30 days', [[45, 20]], { activity: null, backlog: 0 }],
    ['a repository at rest: nothing for 90 days', [[120, 20]], { activity: null, backlog: null }],
    [
      'a slow month: a third of the usual',
      [
        [10, 2],
        [45, 8],
        [75, 8],
      ],
      { activity: 66.7, backlog: 0 },
    ],
    [
      'a small team: one commit a month',
      [
        [10, 1],
        [45, 1],
        [75, 1],
      ],
      { activity: 100, backlog: 0 },
    ],
  ])('does not count %s in team_health', async (_name, commits, scores) => {
    await test.rows('truncate commits, issues');
    for (const [daysAgo, count] of commits) {
      await test.rows(`insert into commits (repository_id, sha, message, parents, committed_at)
        select 1, '${daysAgo}-' || n, '', '{}', ${ago(daysAgo ?? 0)} from generate_series(1, ${count}) n`);
    }
    await test.rows(`insert into issues (id, repository_id, number, title, state, created_at, updated_at)
      values (1, 1, 1, '', 'open', ${ago(200)}, ${ago(100)})`);
    const [health] = await test.rows<{
      score: number | null;
      components: Record<string, { score: number | null }>;
    }>('select score, components from team_health where installation_id = 1');
    const { activity, backlog } = health?.components ?? {};
    expect({ activity: activity?.score, backlog: backlog?.score }).toEqual(scores);
  });
});

function recount({ commits, issues }: Work) {
  const live = commits.filter((one) => one.live);
  const within = (limit: number) => live.filter(({ daysAgo }) => daysAgo < limit);
  const authors = (limit: number) => within(limit).flatMap(({ author }) => author ?? []);
  const people = (limit: number) => new Set(authors(limit)).size;
  const kept = issues.filter((one) => one.live);
  const closedAgo = ({ createdDaysAgo, openDays }: Work['issues'][number]) =>
    openDays !== null && openDays < createdDaysAgo ? createdDaysAgo - openDays : null;
  const open = kept.filter((one) => closedAgo(one) === null);
  const hours = kept
    .filter((one) => (closedAgo(one) ?? 999) < 90)
    .map(({ openDays }) => (openDays ?? 0) * 24)
    .sort((a, b) => a - b);
  const middle = (hours.length - 1) / 2;
  const median = ((hours[Math.floor(middle)] ?? 0) + (hours[Math.ceil(middle)] ?? 0)) / 2;
  return {
    commits_7d: within(7).length,
    commits_30d: within(30).length,
    commits_90d: within(90).length,
    contributors_30d: people(30),
    contributors_90d: people(90),
    open_issues: open.length,
    stale_issues: open.filter(({ quietDays }) => quietDays >= 90).length,
    issues_opened_30d: kept.filter(({ createdDaysAgo }) => createdDaysAgo < 30).length,
    issues_closed_30d: kept.filter((one) => (closedAgo(one) ?? 999) < 30).length,
    median_hours_to_close_90d: hours.length === 0 ? null : median,
    bus_factor_90d: busFactor(authors(90)),
  };
}

/** The fewest authors who together made at least half. */
function busFactor(authors: readonly number[]): number {
  const counts = [...Map.groupBy(authors, (author) => author).values()]
    .map(({ length }) => length)
    .sort((a, b) => b - a);
  let sum = 0;
  let factor = 0;
  for (const count of counts) {
    if (sum * 2 >= authors.length) break;
    sum += count;
    factor += 1;
  }
  return factor;
}
