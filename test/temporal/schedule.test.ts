import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { ensureSchedule } from '../../src/temporal/ensure-schedule.ts';
import { ensureSearchAttributes } from '../../src/temporal/ensure-search-attributes.ts';
import { pingTemporal } from '../../src/temporal/ping.ts';
import { callTemporal } from '../../src/temporal/call.ts';
import { startVerification } from '../../src/temporal/start-sweep.ts';
import { wake } from '../../src/temporal/wake.ts';
import { createLogger } from '../../src/logger.ts';
import { connectStubTemporal, type StubTemporal } from './stub-temporal.ts';

const log = createLogger('test', 'silent');
let temporal: StubTemporal;
beforeAll(async () => {
  temporal = await connectStubTemporal();
});
afterAll(() => temporal.close());

it('creates the schedule, and leaves it alone if it is up to date', async () => {
  const { client } = temporal;
  expect(await ensureSchedule(client, { every: 900_000, log })).toBe('created');
  expect(await ensureSchedule(client, { every: 900_000, log })).toBe('unchanged');
  const { action, policies, spec } = await client.schedule.getHandle('periodic-sweep').describe();
  expect(action).toMatchObject({
    type: 'startWorkflow',
    workflowType: 'PeriodicSweep',
    taskQueue: 'github-sync',
    workflowExecutionTimeout: 7_200_000,
  });
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 900_000 });
  expect(spec.intervals).toMatchObject([{ every: 900_000 }]);
});

it('changes the period and keeps an operator’s pause', async () => {
  const { client } = temporal;
  const handle = client.schedule.getHandle('periodic-sweep');
  await handle.pause('maintenance');
  expect(await ensureSchedule(client, { every: 60_000, log })).toBe('updated');
  expect(await ensureSchedule(client, { every: 60_000, log })).toBe('unchanged');
  const { spec, state } = await handle.describe();
  expect(spec.intervals).toMatchObject([{ every: 60_000 }]);
  expect(state).toMatchObject({ paused: true, note: 'maintenance' });
});

it('sets the trigger as a search attribute, distinct from a manual one', async () => {
  const { client } = temporal;
  const handle = client.schedule.getHandle('periodic-sweep');
  await handle.trigger('SKIP');
  let workflowId: string | undefined;
  for (let tries = 0; tries < 1000 && workflowId === undefined; tries += 1) {
    const [action] = (await handle.describe()).info.recentActions;
    workflowId = action?.action.workflow.workflowId;
    if (workflowId === undefined) await sleep(100);
  }
  const run = client.workflow.getHandle(workflowId ?? '');
  const { typedSearchAttributes } = await run.describe();
  expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
    'SyncTrigger',
    'schedule',
  ]);
  await run.terminate();
});

it('works without search attributes, and creates them', async () => {
  const namespace = `bare-${randomUUID()}`;
  const { connection } = temporal;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const client = new Client({ connection, namespace });
  const target = { kind: 'repository', id: 42, installationId: 7, label: 'octo/hello' } as const;
  const started = await retry(() => wake(client, target, 'webhook'));
  expect(started).toEqual({ workflow_id: 'repo-sync/42', run_id: expect.any(String) });
  const run = client.workflow.getHandle('repo-sync/42');
  expect((await run.describe()).typedSearchAttributes.getAll()).toEqual([]);
  await run.terminate();

  expect(await ensureSearchAttributes(client, log)).toEqual([]);
  expect(await ensureSearchAttributes(client, log)).toEqual([]);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes)).toEqual(
    expect.arrayContaining(['GitHubInstallationId', 'GitHubRepository', 'SyncTrigger']),
  );
});

it('reports a missing namespace', async () => {
  await pingTemporal(temporal.client, 3000);
  const other = new Client({ connection: temporal.connection, namespace: 'no-such-namespace' });
  await expect(pingTemporal(other, 3000)).rejects.toMatchObject({ code: 'TEMPORAL_UNAVAILABLE' });
  // What starts or signals a workflow gets an error of another class from the SDK.
  const away = { code: 'TEMPORAL_UNAVAILABLE', message: 'Temporal has no namespace no-such-namespace' };
  const starting = callTemporal(other, 3000, () => startVerification(other, () => Promise.resolve(true)));
  await expect(starting).rejects.toMatchObject(away);
  const target = { kind: 'repository', id: 1, installationId: 7, label: 'octo/app' } as const;
  const waking = callTemporal(other, 3000, () => wake(other, target, 'manual'));
  await expect(waking).rejects.toMatchObject(away);
});

/** A new namespace is known to every host of the server within seconds. */
async function retry<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      if (tries === 400) throw error;
      await sleep(250);
    }
  }
}
