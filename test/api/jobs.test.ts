import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addJob } from './rows.ts';
import { startTestApi, type TestApi } from './support.ts';

interface Page {
  jobs: Record<string, unknown>[];
  next: string | null;
}

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ settings: { temporalUiUrl: 'http://ui.example' } });
});
afterAll(() => api.close());
beforeEach(async () => {
  await sql`delete from sync_jobs`.execute(api.db);
});

async function repositories(query: string): Promise<unknown[]> {
  return (await list(query)).jobs.map((job) => job['repository_id']);
}

async function list(query = ''): Promise<Page> {
  const answer = await api.app.inject({ url: `/api/sync/jobs/${query}` });
  expect({ query, status: answer.statusCode }).toEqual({ query, status: 200 });
  return answer.json<Page>();
}

it('shows a job with its link to Temporal', async () => {
  const id = await addJob(api.db, {
    status: 'failed',
    repositoryId: 42,
    startedAt: `'2026-01-05T10:00:00.123Z'`,
    finishedAt: `'2026-01-05T10:00:01.5Z'`,
  });
  await sql`update sync_jobs set error = '{"code": "RATE_LIMITED", "message": "wait"}', errors = 1`.execute(
    api.db,
  );
  const answer = await api.app.inject({ url: `/api/sync/jobs/${id}` });
  expect(answer.json()).toEqual({
    id,
    job_type: 'webhook',
    status: 'failed',
    trigger: 'webhook',
    installation_id: null,
    repository_id: 42,
    repositories_processed: 0,
    commits_imported: 0,
    issues_imported: 0,
    pull_requests_imported: 0,
    rows: {},
    api_requests: 0,
    rate_limit_points: 0,
    errors: 1,
    error: { code: 'RATE_LIMITED', message: 'wait' },
    started_at: '2026-01-05T10:00:00.123Z',
    finished_at: '2026-01-05T10:00:01.500Z',
    duration_ms: 1377,
    workflow_id: 'repo-sync/42',
    run_id: 'run 1',
    temporal_url: 'http://ui.example/namespaces/default/workflows/repo-sync%2F42/run%201',
  });
});

describe('pages', () => {
  it('contain every job once, newest first, even with equal times', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 9; n += 1) {
      // Three instants a microsecond apart: a cursor of milliseconds would lose some.
      ids.push(await addJob(api.db, { startedAt: `timestamptz '2026-01-05T10:00:00.00000${n % 3}Z'` }));
    }
    const seen: unknown[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      expect(pages).toBeLessThan(9);
      const page: Page = await list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.jobs.map(({ id }) => id));
      cursor = page.next;
    }
    expect(seen).toHaveLength(9);
    expect(new Set(seen)).toEqual(new Set(ids));
  });

  it('contain every job once, oldest first if the dashboard requests it', async () => {
    for (let n = 0; n < 5; n += 1) await addJob(api.db, { startedAt: `'2026-01-0${1 + (n % 2)}'` });
    const newest = (await list()).jobs.map((job) => job['id']);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await api.app.inject({
        url: `/api/dashboard/jobs/?first=oldest&limit=2${cursor && `&cursor=${cursor}`}`,
      });
      const page: Page = answer.json();
      seen.push(...page.jobs.map((job) => job['id']));
      cursor = page.next;
    }
    expect(seen).toEqual(newest.toReversed());
  });

  it('contain 50 by default, and end with null', async () => {
    for (let n = 0; n < 51; n += 1) await addJob(api.db);
    expect((await list()).jobs).toHaveLength(50);
    expect(await list('?limit=200')).toMatchObject({ next: null, jobs: { length: 51 } });
  });
});

it('filters by status, type, installation, repository and time', async () => {
  await addJob(api.db, { type: 'periodic_sweep', status: 'running', trigger: 'schedule' });
  await addJob(api.db, { status: 'failed', installationId: 7, repositoryId: 42 });
  await addJob(api.db, { status: 'failed', repositoryId: 43, startedAt: `'2026-01-05T10:00:00Z'` });
  expect(await repositories('?status=failed')).toEqual([42, 43]);
  expect(await repositories('?job_type=periodic_sweep')).toEqual([null]);
  expect(await repositories('?installation_id=7')).toEqual([42]);
  expect(await repositories('?repository_id=43&status=failed')).toEqual([43]);
  expect(await repositories('?since=2026-02-01T00:00:00Z&status=failed')).toEqual([42]);
  expect(await repositories('?since=2026-01-05T12:00:00%2B02:00&status=failed')).toEqual([42, 43]);
  expect(await repositories('?since=2026-01-05&status=failed')).toEqual([42, 43]);
  expect(await repositories('?since=0000-01-01T00:00:00Z&status=failed')).toEqual([42, 43]);
});

it('reads no more rows than its page, whatever the filter', async () => {
  await sql`insert into sync_jobs
      (id, job_type, status, trigger, installation_id, repository_id, started_at, finished_at, workflow_id, run_id)
    select gen_random_uuid(), 'webhook', 'completed', 'webhook', 7, n % 500, now() - n * interval '1 second', now(), 'w', 'r'
    from generate_series(1, 50000) n`.execute(api.db);
  await sql`analyze sync_jobs`.execute(api.db);
  for (const condition of [
    sql`true`,
    sql`status = 'failed'`,
    sql`status = 'running'`,
    sql`status = 'completed'`,
    sql`job_type = 'installation_import'`,
    sql`installation_id = 2`,
    sql`repository_id = 7`,
  ]) {
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: object }] }>`explain (analyze, format json)
      select id from sync_jobs where ${condition} order by started_at desc, id desc limit 51`.execute(api.db);
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
    const read = [...plan.matchAll(/"Actual Rows": ?(\d+)|"Rows Removed by Filter": ?(\d+)/g)];
    expect(Math.max(...read.map(([, rowsRead, removed]) => Number(rowsRead ?? removed)))).toBeLessThan(110);
  }
});

it.each([
  'limit=0',
  'limit=201',
  'limit=x',
  'limit=-1',
  'limit=1e1',
  'limit=',
  'limit=1&limit=2',
  'status=done',
  'job_type=x',
  'installation_id=0',
  'repository_id=-5',
  'repository_id=9007199254740993',
  'repository_id=1.5',
  'since=yesterday',
  'since=2026-02-30T00:00:00Z',
  'cursor=x',
  'cursor=WzEsMl0',
  `cursor=${Buffer.from('[-1,"a"]').toString('base64url')}`,
])('rejects ?%s', async (query) => {
  const answer = await api.app.inject({ url: `/api/sync/jobs/?${query}` });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringMatching(new RegExp(`^${query.split('=')[0]}\\b`)),
  });
});

it('distinguishes a malformed id from an unknown one', async () => {
  const ids = ['1', '00000000-0000-4000-8000-000000000000'];
  const answers = await Promise.all(ids.map((id) => api.app.inject({ url: `/api/sync/jobs/${id}/` })));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 404]);
  expect(answers[0]?.json()).toMatchObject({ message: expect.stringMatching(/^id must be a UUID\. /) });
});
