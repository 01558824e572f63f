import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { RoundInput } from '../../src/activities/repository-round.ts';
import { runActivity } from '../../src/activities/run-activity.ts';
import { syncNowUpdate } from '../../src/workflows/messages.ts';
import { connectTestTemporal, workflowBundle } from '../support/temporal.ts';
import { fakeActivities, gate, roundOf } from '../workflows/fake-activities.ts';

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });

it('hands an activity over at once when the worker stops, not as a cancellation', async () => {
  const temporal = await connectTestTemporal();
  const { taskQueue, namespace, client, nativeConnection: connection } = temporal;
  const at = gate();
  const attempts: string[] = [];
  const create = (name: string) =>
    Worker.create({
      connection,
      namespace,
      taskQueue,
      workflowBundle: workflowBundle(),
      shutdownGraceTime: 100,
      activities: fakeActivities({
        syncRound: (input: RoundInput) =>
          runActivity(async ({ signal }) => {
            attempts.push(name);
            if (attempts.length === 1) {
              void at.pass();
              await sleep(60_000, undefined, { signal });
            }
            return roundOf(input);
          }),
      }),
    });
  const first = await create('first');
  const firstRunning = first.run();
  const workflowId = `shutdown/${taskQueue}`;
  const handle = await client.workflow.start('RepoSync', {
    workflowId,
    taskQueue,
    args: [{ repositoryId: 1 }],
  });
  await at.reached;
  first.shutdown();
  await firstRunning;
  const second = await create('second');
  const secondRunning = second.run();
  const job = await handle.executeUpdate(syncNowUpdate);
  expect(job.id).toBe('round-2');
  expect(attempts).toEqual(['first', 'second', 'second']);
  // Told by the worker itself, not found out by its missing heartbeats 15 s later.
  const { events } = await handle.fetchHistory();
  const failures = events?.flatMap((event) => event.activityTaskStartedEventAttributes?.lastFailure ?? []);
  expect(failures).toMatchObject([{ timeoutFailureInfo: null, message: expect.any(String) }]);
  await handle.terminate();
  second.shutdown();
  await secondRunning;
  await temporal.close();
});
