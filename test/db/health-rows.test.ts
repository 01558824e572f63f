import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readHealth } from '../../src/db/health/health.ts';
import { createLargeCounts, type LargeCounts } from '../../src/db/health/large-counts.ts';
import { readGauges } from '../../src/db/health/gauges.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const ROWS = 30_000;
const HOUR_MS = 3_600_000;

let test: TestRows;
let plans: Plans;
let counts: LargeCounts;

/** As many deliveries, jobs and people of the last hours. */
async function fill(rows: number): Promise<void> {
  await test.rows(`insert into webhook_deliveries (guid, event, repository_id, status, attempts, processed_at, payload)
    select gen_random_uuid(), 'push', 1, case n % 3 when 0 then 'pending' when 1 then 'processed' else 'failed' end,
      1, case when n % 3 <> 0 then now() end, '{}' from generate_series(1, ${rows}) n`);
  await test.rows(`insert into sync_jobs (id, job_type, status, trigger, finished_at, workflow_id, run_id)
    select gen_random_uuid(), case when n % 100 = 0 then 'periodic_sweep' else 'webhook' end, 'completed', 'webhook',
      now(), '', '' from generate_series(1, ${rows}) n`);
  await test.rows(`with people as (
      insert into contributors (type) select 'Anonymous' from generate_series(1, ${rows}) returning id)
    insert into repository_contributors (repository_id, contributor_id, commits_count) select 1, id, 1 from people`);
}

const ask = () => readHealth(test.db, counts, { intervalMs: HOUR_MS, freshForMs: HOUR_MS });

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  counts = createLargeCounts(test.db);
});
afterAll(() => test.close());

it('shows current counts of few rows', async () => {
  await ask();
  await fill(3);
  const { webhooks, jobs, system } = await ask();
  expect(webhooks).toMatchObject({ received_24h: 3, processed_24h: 1, failed_24h: 1, pending: 1 });
  expect(jobs).toEqual({ completed_24h: 3, failed_24h: 0, success_rate: 100 });
  expect(system.total_contributors).toBe(3);
});

it('shows the last sweep, and failures by code', async () => {
  await test.rows(`insert into sync_jobs (id, job_type, status, trigger, finished_at, workflow_id, run_id, error)
    select gen_random_uuid(), kind, status, 'webhook', now(), '', '', error::jsonb from (values
      ('webhook', 'failed', '{"code":"PERMISSION_MISSING"}'),
      ('repository_sync', 'failed', '{"code":"PERMISSION_MISSING"}'),
      ('repository_sync', 'failed', '{"code":"ROW_REFUSED"}'),
      ('repository_sync', 'partial', null)) as job (kind, status, error)`);
  await test.rows(`insert into webhook_deliveries (guid, event, received_at, status, processed_at, payload, error)
    select gen_random_uuid(), 'push', now() - age::interval, status, now(), '{}', error from (values
      ('1 hour', 'failed', 'DELIVERY_UNREADABLE: no repository'), ('2 hours', 'failed', 'DELIVERY_UNREADABLE: no id'),
      ('1 hour', 'failed', 'GITHUB_BAD_ANSWER: half of it'), ('1 hour', 'failed', 'a stranger''s words: more'),
      ('2 days', 'failed', 'ROW_REFUSED: 22P02'), ('1 hour', 'pending', 'RATE_LIMITED: wait')
    ) as delivery (age, status, error)`);
  const fresh = createLargeCounts(test.db);
  const readings = await readGauges(test.db, fresh, HOUR_MS);
  const valuesOf = (metric: string) => readings.find(({ name }) => name === metric)?.values;
  expect(valuesOf('sync_job_failures')).toEqual(
    expect.arrayContaining([
      { labels: { code: 'PERMISSION_MISSING' }, value: 2 },
      { labels: { code: 'ROW_REFUSED' }, value: 1 },
      { labels: { code: 'UNKNOWN' }, value: 1 },
    ]),
  );
  // Beside the one of `fill`, which says nothing.
  expect(valuesOf('sync_delivery_failures')).toHaveLength(3);
  expect(valuesOf('sync_delivery_failures')).toEqual(
    expect.arrayContaining([
      { labels: { code: 'DELIVERY_UNREADABLE' }, value: 2 },
      { labels: { code: 'GITHUB_BAD_ANSWER' }, value: 1 },
      { labels: { code: 'UNKNOWN' }, value: 2 },
    ]),
  );
  await test.rows('delete from webhook_deliveries where error is not null');
  expect(valuesOf('sync_jobs')).toContainEqual({
    labels: { type: 'repository_sync', status: 'failed' },
    value: 2,
  });
  expect(valuesOf('sync_sweep_interval_seconds')).toEqual([{ labels: {}, value: 3600 }]);
  expect(valuesOf('sync_sweep_age_seconds')?.[0]?.value).toBeGreaterThan(0);
  expect(valuesOf('sync_coverage_ratio')).toEqual([{ labels: {}, value: 0 }]);
  await test.rows(`update repositories set sync_status = 'fresh', last_synced_at = now()`);
  const later = await readGauges(test.db, fresh, HOUR_MS);
  expect(later.find(({ name }) => name === 'sync_coverage_ratio')?.values[0]?.value).toBe(1);
});

it('leaves out removed repositories everywhere', async () => {
  await test.rows(`insert into repository_totals (repository_id, commits, issues, pull_requests)
    values (1, 5, 4, 3), (2, 50, 40, 30)`);
  await test.rows(`update repository_sync set verified_at = case repository_id
    when 1 then '2026-01-03'::timestamptz when 2 then '2026-01-01' end`);
  expect(await ask()).toMatchObject({
    system: { total_repositories: 3, total_commits: 55, total_issues: 44, total_pull_requests: 33 },
    drift: { oldest_unverified_at: '2026-01-01T00:00:00.000Z' },
  });
  await test.rows(`update repositories set removed_at = now(), removed_reason = 'deleted' where id = 2`);
  expect(await ask()).toMatchObject({
    system: { total_repositories: 2, total_commits: 5, total_issues: 4, total_pull_requests: 3 },
    drift: { oldest_unverified_at: '2026-01-03T00:00:00.000Z' },
  });
  await test.rows('update repositories set removed_at = null, removed_reason = null');
});

it('counts many rows once for health and metrics together', async () => {
  await fill(ROWS);
  await test.rows('analyze');
  await counts.deliveryFailures();
  plans.most();
  const first = await ask();
  expect(first.webhooks.received_24h).toBe(ROWS + 3);
  expect(plans.most().rows).toBeGreaterThanOrEqual(ROWS);
  const [second, readings] = await Promise.all([ask(), readGauges(test.db, counts, HOUR_MS)]);
  expect({ ...second.webhooks, oldest_pending_seconds: 0 }).toEqual({
    ...first.webhooks,
    oldest_pending_seconds: 0,
  });
  // It grows all the same.
  expect(second.webhooks.oldest_pending_seconds).toBeGreaterThan(first.webhooks.oldest_pending_seconds);
  expect(second.system.total_contributors).toBe(ROWS + 3);
  expect(readings.find(({ name }) => name === 'sync_deliveries_pending')?.values).toEqual([
    { labels: {}, value: ROWS / 3 + 1 },
  ]);
  const most = plans.most();
  expect({ ...most, few: most.rows < 1000 }).toEqual({ ...most, few: true });
});

it('counts the jobs of a day in an index alone', async () => {
  const DAY = 2880;
  await test.rows('truncate sync_jobs');
  // Vacuum believes in a commit once it is on disk, which others are later.
  await test.rows(`set local synchronous_commit = on;
    insert into sync_jobs (id, job_type, status, trigger, started_at, finished_at, workflow_id, run_id)
    select gen_random_uuid(), 'webhook', 'completed', 'webhook', at, at, '', ''
    from (select now() - (n * 7919 % ${ROWS} + 0.5) * interval '24 hours' / ${DAY} as at from generate_series(1, ${ROWS}) n) j`);
  await test.rows('vacuum analyze sync_jobs');
  plans.matching(/./);
  expect(await createLargeCounts(test.db).jobs()).toEqual([
    { job_type: 'webhook', status: 'completed', n: DAY },
  ]);
  const pages = plans.pages(/from sync_jobs/);
  expect(pages).toBeGreaterThan(0);
  expect(pages).toBeLessThan(DAY / 50);
});

it('reads repositories in one scan', async () => {
  await test.rows(`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
      archived, disabled, fork, default_branch, created_at, updated_at, sync_status, sync_error, last_synced_at, removed_at,
      removed_reason)
    select 1000 + n, 'R_' || n, 1, 'acme', 'm' || n, 'acme/m' || n, false, 'public', false, false, false, 'main', now(), now(), status,
      error, synced, case when n > 1200 then now() end, case when n > 1200 then 'deleted' end
    from generate_series(1, 1300) n, (values (0, 'fresh', null, now() - interval '1 minute'), (1, 'paused', null, '2020-01-01'),
      (2, 'error', 'REFUSED: x', now() - interval '5 hours'), (3, 'error', null, null)) state (at, status, error, synced)
    where n % 4 = at`);
  await test.rows('update repositories set last_synced_at = now() where id < 1000');
  await test.rows('analyze repositories');
  plans.matching(/./);
  const readings = await readGauges(test.db, createLargeCounts(test.db), HOUR_MS);
  const [table] = await test.rows<{ pages: number }>(
    `select relpages as pages from pg_class where oid = 'repositories'::regclass`,
  );
  expect(plans.pages(/sync_repositories/)).toBeLessThan(2 * (table?.pages ?? 0));
  const valuesOf = (metric: string) => readings.find(({ name }) => name === metric)?.values;
  expect(valuesOf('sync_repositories')).toEqual(
    expect.arrayContaining([
      { labels: { status: 'paused' }, value: 300 },
      { labels: { status: 'error' }, value: 600 },
    ]),
  );
  expect(valuesOf('sync_repositories_failing')).toEqual([{ labels: { code: 'REFUSED' }, value: 300 }]);
  expect(valuesOf('sync_lag_seconds')?.[0]?.value).toBeCloseTo(5 * 3600, -2);
  // The paused ones were compared long ago.
  expect(valuesOf('sync_coverage_ratio')?.[0]?.value).toBeCloseTo(303 / 1203, 5);
  const { signals } = await readHealth(test.db, createLargeCounts(test.db), {
    intervalMs: HOUR_MS,
    freshForMs: 0,
  });
  expect(signals.repositories_late).toBe(600);
  await test.rows('delete from repositories where id > 1000');
});

describe('people', () => {
  const REPOSITORIES = 100;
  const PEOPLE = 300;

  beforeAll(async () => {
    await test.rows('truncate contributors restart identity cascade');
    await test.rows(`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
        archived, disabled, fork, default_branch, created_at, updated_at)
      select 100 + n, 'R_' || n, 1, 'acme', 's' || n, 'acme/s' || n, false, 'public', false, false, false, 'main', now(), now()
      from generate_series(1, ${REPOSITORIES}) n`);
    await test.rows(`insert into contributors (type) select 'Anonymous' from generate_series(1, ${PEOPLE})`);
    await test.rows(`insert into repository_contributors (repository_id, contributor_id, commits_count)
      select r.id, c.id, 1 from contributors c, repositories r where r.id > 100`);
    await test.rows('analyze');
  });

  it('are counted without reading each of their shares', async () => {
    plans.matching(/./);
    expect(await createLargeCounts(test.db).contributors()).toBe(PEOPLE);
    expect(plans.most().rows).toBeLessThanOrEqual(2 * PEOPLE);
  });

  it('are those with a share in a live repository', async () => {
    const count = () => createLargeCounts(test.db).contributors();
    await test.rows(`insert into contributors (type) values ('Anonymous')`);
    expect(await count()).toBe(PEOPLE);
    await test.rows('delete from repository_contributors where contributor_id = 1 and repository_id <> 101');
    await test.rows(`update repositories set removed_at = now(), removed_reason = 'deleted' where id = 101`);
    expect(await count()).toBe(PEOPLE - 1);
    await test.rows(`update repositories set removed_at = now(), removed_reason = 'deleted'`);
    expect(await count()).toBe(0);
    await test.rows('update repositories set removed_at = null, removed_reason = null');
    expect(await count()).toBe(PEOPLE);
  });

  it('are not counted again for every caller if many belong to removed repositories', async () => {
    await test.rows(
      `update repositories set removed_at = now(), removed_reason = 'uninstalled' where id > 100`,
    );
    const { contributors } = createLargeCounts(test.db);
    plans.matching(/./);
    expect([await contributors(), await contributors()]).toEqual([0, 0]);
    expect(plans.matching(/repository_contributors/)).toHaveLength(1);
    await test.rows('update repositories set removed_at = null, removed_reason = null');
  });
});
