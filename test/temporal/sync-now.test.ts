import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { syncNow } from '../../src/temporal/sync-now.ts';
import { connectStubTemporal, type StubTemporal } from './stub-temporal.ts';
import { LONG_REPOSITORY, SLOW_REPOSITORY } from './stub-workflows.ts';

let temporal: StubTemporal;
beforeAll(async () => {
  temporal = await connectStubTemporal();
  await temporal.startWorker();
});
afterAll(() => temporal.close());

function sync(id: number) {
  const target = { kind: 'repository', id, installationId: 7, label: null } as const;
  return syncNow(temporal.client, target, AbortSignal.timeout(20_000));
}

it('returns the finished job', async () => {
  expect(await sync(76)).toMatchObject({ state: 'finished', job: { repository_id: 76 } });
});

it('returns the run if the work continues in another one, and does not fail', async () => {
  expect(await sync(LONG_REPOSITORY)).toEqual({
    state: 'accepted',
    workflow_id: `repo-sync/${LONG_REPOSITORY}`,
    run_id: expect.any(String),
  });
});

/** Whether the update has been accepted: from then on the run is what answers it. */
async function isAccepted(workflowId: string): Promise<boolean> {
  const history = await temporal.client.workflow
    .getHandle(workflowId)
    .fetchHistory()
    .catch(() => null);
  return (
    history?.events?.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes != null) ?? false
  );
}

it('says that the work was cancelled if its run is terminated meanwhile', async () => {
  const workflowId = `repo-sync/${SLOW_REPOSITORY}`;
  const outcome = sync(SLOW_REPOSITORY).catch((error: unknown) => error);
  while (!(await isAccepted(workflowId))) await sleep(20);
  await temporal.client.workflow.getHandle(workflowId).terminate('by hand');
  expect(await outcome).toMatchObject({ name: 'SyncError', code: 'JOB_CANCELLED' });
});
