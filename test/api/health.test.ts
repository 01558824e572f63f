import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { recordReachability } from '../../src/db/system-state/record-reachability.ts';
import { addCommits, addContributor, addDelivery, addInstallation, addJob, addRepository } from './rows.ts';
import { furtherKinds } from '../../src/entities/index.ts';
import { startTestApi, type TestApi } from './support.ts';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
  await recordReachability(api.db, 'temporal', true);
});
afterEach(() => api.close());

async function health(): Promise<{ code: number; body: Record<string, unknown> }> {
  const answer = await api.app.inject({ url: '/api/sync/health/' });
  return { code: answer.statusCode, body: answer.json() };
}

async function status(): Promise<[number, unknown]> {
  const { code, body } = await health();
  return [code, body['status']];
}

it('is healthy with nothing to do', async () => {
  expect(await health()).toEqual({
    code: 200,
    body: {
      status: 'healthy',
      system: {
        total_installations: 0,
        total_repositories: 0,
        total_commits: 0,
        total_issues: 0,
        total_pull_requests: 0,
        total_contributors: 0,
        sync_coverage: 100,
      },
      last_periodic_sync: null,
      webhooks: { received_24h: 0, processed_24h: 0, failed_24h: 0, pending: 0, oldest_pending_seconds: 0 },
      jobs: { completed_24h: 0, failed_24h: 0, success_rate: 100 },
      rate_limits: [],
      drift: { verified_at: null, rows_compared: 0, rows_healed: 0, oldest_unverified_at: null },
      kinds: furtherKinds.map(({ name }) => ({ kind: name, on: 0, off: 0, reasons: {} })),
      dependencies: { database: 'up', temporal: 'up', github: 'up' },
    },
  });
});

it('counts live rows of live repositories', async () => {
  await addInstallation(api.db, 7);
  await addInstallation(api.db, 8, { deleted: true });
  for (const id of [1, 2]) await addRepository(api.db, id);
  await addRepository(api.db, 3, { status: 'error', lastSyncedAt: 'now()' });
  await addRepository(api.db, 4, { lastSyncedAt: `now() - interval '31 minutes'` });
  await addRepository(api.db, 5, { removed: true });
  const [one, gone] = [await addContributor(api.db, 'one'), await addContributor(api.db, 'gone')];
  await addCommits(api.db, { repositoryId: 1, authorId: one, count: 3, at: 'now()' });
  await addCommits(api.db, { repositoryId: 1, authorId: one, count: 2, at: 'now()', orphaned: true });
  await addCommits(api.db, { repositoryId: 5, authorId: gone, count: 9, at: 'now()' });
  await sql`insert into repository_contributors (repository_id, contributor_id, commits_count)
    values (1, ${one}, 3), (5, ${gone}, 9)`.execute(api.db);
  expect((await health()).body['system']).toEqual({
    total_installations: 1,
    total_repositories: 4,
    total_commits: 3,
    total_issues: 0,
    total_pull_requests: 0,
    total_contributors: 1,
    sync_coverage: 50,
  });
});

it('shows sweeps, jobs, deliveries, limits and drift', async () => {
  await addJob(api.db, {
    type: 'periodic_sweep',
    startedAt: `now() - interval '1 minute'`,
    finishedAt: 'now()',
  });
  await addJob(api.db, { status: 'failed' });
  await addJob(api.db, { status: 'cancelled' });
  await addJob(api.db, { startedAt: `now() - interval '25 hours'` });
  await addDelivery(api.db, { status: 'processed' });
  await addDelivery(api.db, { status: 'failed' });
  await addDelivery(api.db, { receivedAt: `now() - interval '30 seconds'` });
  await addDelivery(api.db, { status: 'processed', receivedAt: `now() - interval '25 hours'` });
  await sql`insert into rate_limits (installation_id, resource, "limit", remaining, resets_at)
    values (1, 'core', 5000, 4000, now() + interval '1 hour'), (2, 'core', 5000, 10, now() - interval '1 second'),
      (3, 'graphql', 5000, 3, now() + interval '1 hour')`.execute(api.db);
  await sql`insert into system_state (name, value) values
    ('verification', '{"verified_at": "2026-01-05T12:00:00.000001+02:00", "rows_compared": 100, "rows_healed": 2}')`.execute(
    api.db,
  );
  const { body } = await health();
  expect(body).toMatchObject({
    status: 'healthy',
    last_periodic_sync: { status: 'completed', repos_processed: 0, duration_ms: 60_000 },
    webhooks: { received_24h: 3, processed_24h: 1, failed_24h: 1, pending: 1 },
    jobs: { completed_24h: 1, failed_24h: 1, success_rate: 50 },
    rate_limits: [
      { installation_id: 3, resource: 'graphql', limit: 5000, remaining: 3 },
      { installation_id: 1, remaining: 4000 },
      // its hour is over
      { installation_id: 2, remaining: 5000 },
    ],
    drift: { verified_at: '2026-01-05T10:00:00.000Z', rows_compared: 100, rows_healed: 2 },
  });
});

describe('degraded', () => {
  it('is degraded while Temporal is unavailable for less than 5 minutes', async () => {
    await recordReachability(api.db, 'temporal', false);
    expect(await status()).toEqual([200, 'degraded']);
  });

  it('is degraded while an installation is rate-limited', async () => {
    await sql`insert into rate_limits (installation_id, resource, blocked_until, blocked_code)
      values (1, 'core', now() + interval '1 minute', 'RATE_LIMITED')`.execute(api.db);
    expect((await health()).body).toMatchObject({ status: 'degraded', dependencies: { github: 'limited' } });
    await sql`update rate_limits set blocked_code = 'BAD_CREDENTIALS'`.execute(api.db);
    expect((await health()).body).toMatchObject({ status: 'degraded', dependencies: { github: 'down' } });
  });

  it('is degraded while a repository fails or waits to be compared', async () => {
    await addInstallation(api.db, 7);
    await addRepository(api.db, 1, { status: 'error' });
    expect(await status()).toEqual([200, 'degraded']);
    await sql`update repositories set sync_status = 'pending', last_synced_at = null`.execute(api.db);
    expect(await status()).toEqual([200, 'degraded']);
  });

  it('is degraded from a sweep that could not read everything until one that could', async () => {
    const type = 'periodic_sweep';
    await addJob(api.db, { type, status: 'partial', startedAt: `now() - interval '3 minutes'` });
    expect(await status()).toEqual([200, 'degraded']);
    await addJob(api.db, { type, status: 'running', startedAt: `now() - interval '2 minutes'` });
    expect(await status()).toEqual([200, 'degraded']);
    await addJob(api.db, { type, startedAt: `now() - interval '1 minute'` });
    expect(await status()).toEqual([200, 'healthy']);
  });

  it('is degraded while one delivery cannot be applied although others are', async () => {
    const old = `now() - interval '20 minutes'`;
    await addDelivery(api.db, { repositoryId: 1, receivedAt: old });
    await addDelivery(api.db, { status: 'ignored' });
    expect(await status()).toEqual([503, 'unhealthy']);
    await addDelivery(api.db, { status: 'processed' });
    await sql`update webhook_deliveries set processed_at = now() - interval '1 minute' where status = 'processed'`.execute(
      api.db,
    );
    expect(await status()).toEqual([200, 'degraded']);
    // Quiet otherwise: it is tried in vain, which shows that somebody works.
    await sql`delete from webhook_deliveries where status = 'processed'`.execute(api.db);
    await sql`update webhook_deliveries set attempts = 9, tried_at = now() where status = 'pending'`.execute(
      api.db,
    );
    expect(await status()).toEqual([200, 'degraded']);
    await sql`update webhook_deliveries set tried_at = now() - interval '15 minutes'`.execute(api.db);
    expect(await status()).toEqual([503, 'unhealthy']);
  });

  it('is healthy while sweeps skip recently compared repositories', async () => {
    const patient = await startTestApi({ databaseUrl: api.url, settings: { intervalMs: 60_000 } });
    await addInstallation(api.db, 7);
    await addRepository(api.db, 1, { lastSyncedAt: `now() - interval '10 minutes'` });
    await addJob(api.db, { type: 'periodic_sweep' });
    const answer = await patient.app.inject({ url: '/api/sync/health/' });
    expect(answer.json()).toMatchObject({ status: 'healthy', system: { sync_coverage: 0 } });
    await patient.close();
  });
});

describe('unhealthy', () => {
  it('is unhealthy once Temporal is unavailable for 5 minutes', async () => {
    await recordReachability(api.db, 'temporal', false);
    await recordReachability(api.db, 'temporal', false);
    await sql`update system_state set value = jsonb_set(value, '{since}', to_jsonb(now() - interval '5 minutes'))`.execute(
      api.db,
    );
    await recordReachability(api.db, 'temporal', false);
    expect(await status()).toEqual([503, 'unhealthy']);
    await recordReachability(api.db, 'temporal', true);
    expect(await status()).toEqual([200, 'healthy']);
  });

  it('is unhealthy once no sweep completed for 3 periods, counted from the beginning before the first', async () => {
    await sql`update schema_migrations set executed_at = now() - interval '46 minutes'`.execute(api.db);
    expect(await status()).toEqual([503, 'unhealthy']);
    await addJob(api.db, { type: 'periodic_sweep', status: 'failed' });
    expect((await health()).code).toBe(503);
    await addJob(api.db, { type: 'periodic_sweep', startedAt: `now() + interval '1 second'` });
    expect(await status()).toEqual([200, 'healthy']);
  });

  it('is unhealthy once a delivery is pending for 15 minutes', async () => {
    await addDelivery(api.db, { repositoryId: 1, receivedAt: `now() - interval '15 minutes'` });
    expect(await status()).toEqual([503, 'unhealthy']);
  });

  it('is unhealthy without the database, and says so', async () => {
    const away = await startTestApi({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
    try {
      const answer = await away.app.inject({ url: '/api/sync/health/' });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({
        status: 'unhealthy',
        system: { total_commits: null },
        dependencies: { database: 'down' },
      });
      const ready = await away.app.inject({ url: '/readyz' });
      expect([ready.statusCode, ready.json<{ dependencies: unknown }>().dependencies]).toMatchObject([
        503,
        { database: 'down' },
      ]);
      const jobs = await away.app.inject({ url: '/api/sync/jobs/' });
      expect([jobs.statusCode, jobs.json()]).toMatchObject([503, { code: 'DATABASE_UNAVAILABLE' }]);
      expect((await away.app.inject({ url: '/metrics' })).statusCode).toBe(200);
      expect((await away.app.inject({ url: '/livez' })).statusCode).toBe(200);
    } finally {
      await away.close();
    }
  });
});

it('is unhealthy without one of its tables, and says which is missing, as while a backup is restored', async () => {
  await sql`alter table sync_jobs rename to not_yet_restored`.execute(api.db);
  expect(await health()).toMatchObject({
    code: 503,
    body: { status: 'unhealthy', dependencies: { database: 'down' } },
  });
  for (const url of ['/api/sync/jobs/', '/api/sync/jobs/6f9619ff-8b86-4d01-b42d-00cf4fc964ff/']) {
    const answer = await api.app.inject({ url });
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      expect.objectContaining({
        code: 'SCHEMA_MISMATCH',
        message: expect.stringMatching(/lacks a table.*"sync_jobs" does not exist.*npm run migrate/),
      }),
    ]);
  }
  await sql`alter table not_yet_restored rename to sync_jobs`.execute(api.db);
  expect(await status()).toEqual([200, 'healthy']);
});

it('is ready without Temporal, not on an older schema', async () => {
  await recordReachability(api.db, 'temporal', false);
  const ready = await api.app.inject({ url: '/readyz' });
  expect([ready.statusCode, ready.json()]).toMatchObject([
    200,
    { dependencies: { database: 'up', schema: 'current', temporal: 'down' } },
  ]);
  await sql`delete from schema_migrations where name like '%views'`.execute(api.db);
  // The answer is good for a second.
  await sleep(1100);
  const older = await api.app.inject({ url: '/readyz' });
  expect([older.statusCode, older.json()]).toMatchObject([
    503,
    { status: 'not ready', dependencies: { database: 'up' } },
  ]);
});

it('shows the same to Prometheus, under closed labels', async () => {
  await addDelivery(api.db, { receivedAt: `now() - interval '30 seconds'` });
  await addJob(api.db, { status: 'failed' });
  await api.app.inject({
    method: 'POST',
    url: '/api/github/webhook/',
    headers: { 'x-github-event': 'invented-by-a-stranger' },
  });
  await api.app.inject({ url: '/api/sync/jobs/1/' });
  const { body, headers } = await api.app.inject({ url: '/metrics' });
  expect(headers['content-type']).toContain('text/plain');
  expect(body).toContain('sync_deliveries_pending 1');
  expect(body).toMatch(/sync_deliveries_oldest_pending_seconds 3\d/);
  expect(body).toContain('sync_jobs{type="webhook",status="failed"} 1');
  expect(body).toContain('sync_webhooks_received_total{event="other",outcome="rejected"} 1');
  expect(body).toContain('route="/api/sync/jobs/:id/",status="400"');
  expect(body).not.toContain('stranger');
});

it('shows on how many installations each further kind is on, and why it is off', async () => {
  await api.close();
  api = await startTestApi({ settings: { skippedKinds: new Set(['labels']) } });
  await addInstallation(api.db, 61);
  await addInstallation(api.db, 62);
  await sql`update installations set permissions = '{"contents": "read"}' where id = 62`.execute(api.db);
  const answer = await api.app.inject({ url: '/api/sync/health/' });
  expect(answer.json<{ kinds: object[] }>().kinds).toEqual(
    expect.arrayContaining([
      { kind: 'labels', on: 0, off: 2, reasons: { skipped: 2 } },
      { kind: 'milestones', on: 1, off: 1, reasons: { permission: 1 } },
    ]),
  );
});
