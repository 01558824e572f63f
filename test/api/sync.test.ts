import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createDispatch, type Dispatch } from '../../src/api/dispatch/create-dispatch.ts';
import { createMetrics } from '../../src/api/metrics.ts';
import { findRepository } from '../../src/db/repository-sync/repository-state.ts';
import { createLogger } from '../../src/logger.ts';
import { connectStubTemporal, type StubTemporal } from '../temporal/stub-temporal.ts';
import { holdUpdate, wakesQuery } from '../temporal/stub-workflows.ts';
import { addDelivery, addInstallation, addJob, addRepository } from './rows.ts';
import { deliver, pushPayload, startTestApi, type TestApi } from './support.ts';

let api: TestApi;
let temporal: StubTemporal;
let dispatch: Dispatch;

beforeAll(async () => {
  temporal = await connectStubTemporal();
  api = await startTestApi({ client: temporal.client, settings: { temporalUiUrl: 'http://ui.example' } });
  dispatch = createDispatch({
    db: api.db,
    client: temporal.client,
    metrics: createMetrics(),
    log: createLogger('test', 'silent'),
  });
  await temporal.startWorker();
  await addInstallation(api.db, 7);
  await addInstallation(api.db, 8, { suspended: true });
  await addInstallation(api.db, 9, { deleted: true });
  await addRepository(api.db, 42);
  await addRepository(api.db, 43, { removed: true });
  await addRepository(api.db, 44, { installationId: 8 });
  await addRepository(api.db, 45, { installationId: 9 });
});

afterAll(async () => {
  await dispatch.close();
  await api.close();
  await temporal.close();
});

async function post(path: string, headers: Record<string, string> = {}) {
  const answer = await api.app.inject({
    method: 'POST',
    url: path,
    headers,
    payload: headers['content-type'] ? '{"wait":false}' : '',
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function wakesOf(workflowId: string): Promise<unknown[]> {
  for (let tries = 0; ; tries += 1) {
    const wakes = await temporal.client.workflow
      .getHandle(workflowId)
      .query(wakesQuery)
      .catch(() => []);
    if (wakes.length > 0 || tries === 1000) return wakes;
    await sleep(100);
  }
}

describe('a repository', () => {
  it('is compared on request, whatever JSON object the body is', async () => {
    const first = await post('/api/sync/repository/42/');
    expect(first).toEqual({ status: 202, body: { workflow_id: 'repo-sync/42', run_id: expect.any(String) } });
    const second = await post('/api/sync/repository/42', { 'content-type': 'application/json' });
    expect(second.body).toEqual(first.body);
    expect(await wakesOf('repo-sync/42')).toEqual([{ trigger: 'manual' }, { trigger: 'manual' }]);
    const { typedSearchAttributes } = await temporal.client.workflow.getHandle('repo-sync/42').describe();
    const attributes = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      GitHubInstallationId: '7',
      GitHubRepository: 'octo/repo-42',
      SyncTrigger: 'manual',
    });
  });

  it('answers with the finished job when asked to wait', async () => {
    const { status, body } = await post('/api/sync/repository/42/?wait=true');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      repository_id: 42,
      status: 'completed',
      workflow_id: 'repo-sync/42',
      temporal_url: expect.stringMatching(
        /^http:\/\/ui\.example\/namespaces\/.+\/workflows\/repo-sync%2F42\/.+/,
      ),
    });
  });

  it('is refused when it is unknown, removed, or out of reach', async () => {
    const answers = await Promise.all(
      ['1', '43', '44', '45', 'x', '42/?wait=maybe'].map((id) => post(`/api/sync/repository/${id}`)),
    );
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [404, 'NOT_FOUND'],
      [409, 'REPOSITORY_REMOVED'],
      [409, 'INSTALLATION_SUSPENDED'],
      [409, 'INSTALLATION_REMOVED'],
      [400, 'BAD_REQUEST'],
      [400, 'BAD_REQUEST'],
    ]);
  });
});

it('queues the full comparison of a repository before its workflow is woken, and refuses as a sync does', async () => {
  expect(await post('/api/sync/repository/42/verify/')).toMatchObject({
    status: 202,
    body: { workflow_id: 'repo-sync/42' },
  });
  expect(await findRepository(api.db, 42)).toMatchObject({ queued_mode: 'full' });
  const { status, body } = await post('/api/sync/repository/42/verify/?wait=true');
  // The stub's job compares nothing: that nothing was verified is told, not made up.
  expect([status, body['status'], body['verification']]).toEqual([200, 'completed', null]);
  const refusals = await Promise.all(
    ['1', '43', '44', 'x'].map((id) => post(`/api/sync/repository/${id}/verify/`)),
  );
  expect(refusals.map((answer) => answer.status)).toEqual([404, 409, 409, 400]);
});

it('answers everybody who waits for one repository at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => post('/api/sync/repository/42/?wait=true')),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
});

it('answers waiting callers while Temporal accepts no more updates', async () => {
  // Other processes wait for it: ten at once is what Temporal takes.
  const handle = temporal.client.workflow.getHandle('repo-sync/46');
  await addRepository(api.db, 46);
  await post('/api/sync/repository/46/');
  const others = await Promise.allSettled(
    Array.from({ length: 10 }, () => handle.startUpdate(holdUpdate, { waitForStage: 'ACCEPTED' })),
  );
  expect(others.filter(({ status }) => status === 'rejected')).toEqual([]);
  const { status, body } = await post('/api/sync/repository/46/?wait=true');
  expect([200, 202]).toContain(status);
  expect(body['workflow_id']).toBe('repo-sync/46');
});

it('an installation is compared in the same way', async () => {
  expect(await post('/api/sync/installation/7/?wait=true')).toMatchObject({
    status: 200,
    body: { installation_id: 7 },
  });
  expect(await post('/api/sync/installation/7/')).toMatchObject({
    status: 202,
    body: { workflow_id: 'installation-import/7' },
  });
  const answers = await Promise.all(['1', '8', '9'].map((id) => post(`/api/sync/installation/${id}/`)));
  expect(answers.map(({ status }) => status)).toEqual([404, 409, 409]);
});

it('starts one sweep, then finds it running', async () => {
  const first = await post('/api/sync/periodic/');
  expect(first).toEqual({
    status: 202,
    body: { workflow_id: 'periodic-sweep/manual', run_id: expect.any(String) },
  });
  // Its job is not written yet: the second request finds the workflow.
  expect(await post('/api/sync/periodic/')).toEqual({ ...first, status: 200 });
  const { workflowId, firstExecutionRunId: runId } = await temporal.client.workflow.start('PeriodicSweep', {
    workflowId: 'periodic-sweep-2026',
    taskQueue: 'nobody-works-on-it',
  });
  await addJob(api.db, { type: 'periodic_sweep', status: 'running', trigger: 'schedule', workflowId, runId });
  expect(await post('/api/sync/periodic')).toEqual({
    status: 200,
    body: { workflow_id: workflowId, run_id: runId },
  });
  // Nobody has ended the job of the one that was terminated.
  await temporal.client.workflow.getHandle(workflowId).terminate();
  expect(await post('/api/sync/periodic')).toEqual({ ...first, status: 200 });
});

it("starts the next sweep if the running one's job has ended", async () => {
  await sql`delete from sync_jobs`.execute(api.db);
  const { body } = await post('/api/sync/periodic/');
  const workflowId = 'periodic-sweep/manual';
  const runId = String(body['run_id']);
  await addJob(api.db, { type: 'periodic_sweep', status: 'completed', trigger: 'manual', workflowId, runId });
  const asked = post('/api/sync/periodic/');
  await sleep(200);
  await temporal.client.workflow.getHandle(workflowId).terminate();
  const next = await asked;
  expect(next).toEqual({ status: 202, body: { workflow_id: workflowId, run_id: expect.any(String) } });
  expect(next.body['run_id']).not.toBe(runId);
});

describe('a committed delivery', () => {
  it('wakes its workflow at once', async () => {
    const id = 1000 + Math.floor(Math.random() * 1e6);
    dispatch.wake({ kind: 'repository', id, installationId: 7, label: 'octo/new' });
    expect(await wakesOf(`repo-sync/${id}`)).toEqual([{ trigger: 'webhook' }]);
  });

  it('is found by the poller when its wake was lost', async () => {
    await deliver(api.app, { guid: randomUUID(), body: pushPayload({ repository: { id: 77 } }) });
    await addDelivery(api.db, { repositoryId: 78, receivedAt: `now() - interval '1 minute'` });
    await addDelivery(api.db, { installationId: 79, receivedAt: `now() - interval '1 minute'` });
    await addDelivery(api.db, {
      repositoryId: 80,
      status: 'processed',
      receivedAt: `now() - interval '1 minute'`,
    });
    dispatch.start();
    expect(await wakesOf('repo-sync/78')).toEqual([{ trigger: 'webhook' }]);
    expect(await wakesOf('installation-import/79')).toEqual([{ trigger: 'webhook' }]);
    expect(await wakesOf('repo-sync/77')).toEqual([{ trigger: 'webhook' }]);
    const stranger = temporal.client.workflow.getHandle('repo-sync/80').describe();
    await expect(stranger).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    const ready = await api.app.inject({ url: '/readyz' });
    expect(ready.json()).toMatchObject({ dependencies: { temporal: 'up' } });
  });
});

it('answers 503 while Temporal is unavailable, and still accepts deliveries', async () => {
  const away = await startTestApi({ databaseUrl: api.url });
  try {
    const ask = (url: string) => away.app.inject({ method: 'POST', url });
    // The sweep that the test above left running would be the answer, and what others queued would be treated as ours.
    await sql`delete from sync_jobs`.execute(away.db);
    await sql`update repository_sync set wanted_at = null`.execute(away.db);
    const urls = [
      '/api/sync/periodic/',
      '/api/sync/repository/42/',
      '/api/sync/repository/42/?wait=true',
      '/api/sync/repository/42/verify/',
      '/api/sync/repository/42/verify/?wait=true',
      '/api/sync/installation/7/',
      '/api/sync/installation/7/?wait=true',
    ];
    const answers = await Promise.all(urls.map(ask));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(urls.map(() => 503));
    // What is refused is not done later either.
    const queued = await sql<{ id: string }>`select repository_id as id from repository_sync
      where wanted_at is not null`.execute(away.db);
    expect(queued.rows).toEqual([]);
    // By our own deadline: the client alone takes 10 s for a connection, says so in other words, and asks again.
    const refusal = {
      code: 'TEMPORAL_UNAVAILABLE',
      message: expect.stringMatching(/^Temporal does not answer in time\./),
      requestId: expect.any(String),
    };
    expect(answers.map((answer) => answer.json<unknown>())).toEqual(urls.map(() => refusal));
    expect((await deliver(away.app, { body: pushPayload() })).statusCode).toBe(202);
  } finally {
    // The client tries again after its deadline once more, and cannot be told that its connection is closed.
    await sleep(3000);
    await away.close();
  }
});
