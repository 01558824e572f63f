import { describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Job } from '../../src/model.ts';
import { repoSyncId, syncNowUpdate } from '../../src/workflows/messages.ts';
import { gate, gatedRounds, roundOf, untilCancelled } from './fake-activities.ts';
import { codeOf, eventually, phase, rounds, withWorkflows, type Running } from './run-workflows.ts';

const unknown = () =>
  ApplicationFailure.create({ type: 'REPOSITORY_UNKNOWN', message: 'no row', nonRetryable: true });

function syncNow(running: Running): Promise<Job> {
  return running.temporal.client.workflow.executeUpdateWithStart(syncNowUpdate, {
    startWorkflowOperation: new WithStartWorkflowOperation('RepoSync', {
      workflowId: repoSyncId(running.id),
      taskQueue: running.temporal.taskQueue,
      args: [{ repositoryId: running.id }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}

describe('syncNow', () => {
  it('starts the workflow, whose first round is its own', async () => {
    await withWorkflows({}, async (running) => {
      expect(await syncNow(running)).toMatchObject({ id: 'round-1', trigger: 'manual' });
      expect(rounds(running)).toEqual(['manual']);
    });
  });

  it('is answered by the round that began after it, not by the one under way', async () => {
    const { at, syncRound } = gatedRounds();
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await at.reached;
      const updates = [1, 2, 3].map(() => handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' }));
      const accepted = await Promise.all(updates);
      at.open();
      const jobs = await Promise.all(accepted.map((update) => update.result()));
      expect(jobs.map(({ id }) => id)).toEqual(['round-2', 'round-2', 'round-2']);
      expect(rounds(running)).toEqual(['webhook', 'manual']);
    });
  });

  it('fails with the code of the round, and so does the workflow', async () => {
    await withWorkflows({ syncRound: () => Promise.reject(unknown()) }, async (running) => {
      expect(await codeOf(syncNow(running))).toBe('REPOSITORY_UNKNOWN');
      const handle = running.temporal.client.workflow.getHandle(repoSyncId(running.id));
      expect(await codeOf(handle.result())).toBe('REPOSITORY_UNKNOWN');
      expect(running.inputs('endRound')).toMatchObject([{ round: 1, outcome: 'failed' }]);
    });
  });

  it('fails at once while a failed round is being closed: the workflow does not hang', async () => {
    const closing = gate();
    const failing = { syncRound: () => Promise.reject(unknown()), endRound: closing.pass };
    await withWorkflows(failing, async (running) => {
      const handle = await running.startRepository();
      await closing.reached;
      const late = codeOf(handle.executeUpdate(syncNowUpdate));
      expect(await late).toBe('REPOSITORY_UNKNOWN');
      closing.open();
      expect(await codeOf(handle.result())).toBe('REPOSITORY_UNKNOWN');
    });
  });
});

describe('a cancellation', () => {
  it('ends the job of a round and answers its callers', async () => {
    await withWorkflows({ syncRound: untilCancelled }, async (running) => {
      const handle = await running.startRepository();
      await eventually(async () => running.calls.length === 1);
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      await handle.cancel();
      expect(await codeOf(update.result())).toBe('JOB_CANCELLED');
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect((await handle.describe()).status.name).toBe('CANCELLED');
      expect(running.inputs('endRound')).toMatchObject([{ round: 1, outcome: 'cancelled' }]);
    });
  });

  it('ends a lingering workflow at once, with nothing to close', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'lingering');
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(running.inputs('endRound')).toEqual([]);
    });
  });
});

it('returns jobs in the form of the HTTP API', async () => {
  await withWorkflows({}, async (running) => {
    const handle = await running.startRepository();
    await phase(handle, 'lingering');
    const job: Job = await handle.executeUpdate(syncNowUpdate);
    expect(job).toEqual(roundOf({ repositoryId: running.id, trigger: 'manual', round: 2, runId: '' }).job);
  });
});
