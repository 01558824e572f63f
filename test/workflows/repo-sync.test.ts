import { describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { RoundInput } from '../../src/activities/repository-activities.ts';
import { repoSyncId, syncNowUpdate, wakeSignal, type Job } from '../../src/workflows/messages.ts';
import { gate, roundOf, untilCancelled } from './fake-activities.ts';
import { codeOf, eventually, phase, withWorkflows, type Running } from './run-workflows.ts';

const unknown = () =>
  ApplicationFailure.create({ type: 'REPOSITORY_UNKNOWN', message: 'no row', nonRetryable: true });

/** A round that waits at a gate, every other answers at once. */
function gatedRounds(gated = 1) {
  const at = gate();
  const syncRound = async (input: RoundInput) => {
    if (input.round === gated) await at.pass();
    return roundOf(input);
  };
  return { at, syncRound };
}

const rounds = ({ inputs }: Running) => inputs('syncRound').map((input) => Object(input).trigger);

describe('a wake', () => {
  it('runs a round at once, and ends after lingering', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'lingering');
      expect(running.inputs('syncRound')).toEqual([
        { repositoryId: running.id, trigger: 'webhook', round: 1, runId: handle.signaledRunId },
      ]);
      expect(await handle.result()).toBeUndefined();
      expect(rounds(running)).toEqual(['webhook']);
    });
  });

  it.each(['schedule', 'recovery'] as const)('keeps its trigger: %s', async (trigger) => {
    await withWorkflows({}, async (running) => {
      await phase(await running.wakeRepository(trigger), 'lingering');
      expect(rounds(running)).toEqual([trigger]);
    });
  });

  it('while a round runs: all gather into exactly one more, of the strongest trigger', async () => {
    const { at, syncRound } = gatedRounds();
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await at.reached;
      await handle.signal(wakeSignal, { trigger: 'webhook' });
      await handle.signal(wakeSignal, { trigger: 'schedule' });
      for (let n = 0; n < 8; n += 1) await handle.signal(wakeSignal, { trigger: 'webhook' });
      at.open();
      await eventually(async () => running.inputs('syncRound').length === 2);
      await phase(handle, 'lingering');
      expect(rounds(running)).toEqual(['webhook', 'schedule']);
    });
  });

  it('while it lingers: the same run does another round', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'lingering');
      const again = await running.wakeRepository('webhook');
      expect(again.signaledRunId).toBe(handle.signaledRunId);
      await eventually(async () => running.inputs('syncRound').length === 2);
    });
  });

  it.each([
    ['without a signal', (running: Running) => running.startRepository()],
    [
      'with a signal that says nothing',
      ({ temporal, id }: Running) =>
        temporal.client.workflow.signalWithStart('RepoSync', {
          workflowId: repoSyncId(id),
          taskQueue: temporal.taskQueue,
          args: [{ repositoryId: id }],
          signal: 'wake',
        }),
    ],
  ])('by hand, %s, compares the whole', async (_how, start) => {
    await withWorkflows({}, async (running) => {
      await phase(await start(running), 'lingering');
      expect(rounds(running)).toEqual(['manual']);
    });
  });

  it('that finds nothing to do makes no job', async () => {
    await withWorkflows({ syncRound: async (input) => roundOf(input, { job: null }) }, async (running) => {
      expect(await phase(await running.wakeRepository('webhook'), 'lingering')).toMatchObject({ done: 1 });
    });
  });
});

describe('syncNow', () => {
  const syncNow = (running: Running) =>
    running.temporal.client.workflow.executeUpdateWithStart(syncNowUpdate, {
      startWorkflowOperation: new WithStartWorkflowOperation('RepoSync', {
        workflowId: repoSyncId(running.id),
        taskQueue: running.temporal.taskQueue,
        args: [{ repositoryId: running.id }],
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });

  it('starts the workflow, whose first round is its own', async () => {
    await withWorkflows({}, async (running) => {
      expect(await syncNow(running)).toMatchObject({ id: 'round-1', trigger: 'manual' });
      expect(rounds(running)).toEqual(['manual']);
    });
  });

  it('is answered with the round that began after it, not with the one under way', async () => {
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

  it('that comes while a failed round is being closed is told so: the workflow does not hang', async () => {
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
  it('in a round ends its job and tells who waits', async () => {
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

  it('while it lingers ends it at once, with nothing to close', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'lingering');
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(running.inputs('endRound')).toEqual([]);
    });
  });
});

describe('search attributes', () => {
  const labels = { installationId: 7, repository: 'octo/hello' };

  it('are set by a run that was started without', async () => {
    await withWorkflows({ syncRound: async (input) => roundOf(input, { labels }) }, async (running) => {
      const handle = await running.startRepository();
      await phase(handle, 'lingering');
      const { typedSearchAttributes } = await handle.describe();
      const found = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
      expect(Object.fromEntries(found)).toMatchObject({
        SyncTrigger: 'manual',
        GitHubInstallationId: '7',
        GitHubRepository: 'octo/hello',
      });
    });
  });

  it('are not touched where the namespace has none', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.startRepository();
      await phase(handle, 'lingering');
      const set = (await handle.describe()).typedSearchAttributes.getAll().map(({ key }) => key.name);
      // What the server itself sets is no business of ours.
      expect(set.filter((name) => name !== 'BuildIds')).toEqual([]);
    });
  });
});

describe('while GitHub cannot be asked', () => {
  const waiting = { code: 'RATE_LIMITED', message: 'for an hour', retryAfterMs: 3_600_000 } as const;
  const stuck = async (input: RoundInput) => roundOf(input, { waiting, more: true });

  it('waits, and a wake runs the same round again', async () => {
    await withWorkflows({ syncRound: stuck }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'waiting for GitHub');
      await running.wakeRepository('webhook');
      await eventually(async () => running.inputs('syncRound').length === 2);
      await phase(handle, 'waiting for GitHub');
      expect(running.inputs('syncRound')).toMatchObject([{ round: 1 }, { round: 1 }]);
    });
  });

  it('tries again by itself, and then does what was wanted meanwhile', async () => {
    let answers = 0;
    const syncRound = async (input: RoundInput) => {
      answers += 1;
      return roundOf(input, answers < 3 ? { waiting: { ...waiting, retryAfterMs: null } } : {});
    };
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'waiting for GitHub');
      expect(await handle.executeUpdate(syncNowUpdate)).toMatchObject({ id: 'round-2', trigger: 'manual' });
      expect(rounds(running)).toEqual(['webhook', 'webhook', 'webhook', 'manual']);
    });
  });

  it('a cancellation ends the waiting', async () => {
    await withWorkflows({ syncRound: stuck }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'waiting for GitHub');
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(running.inputs('endRound')).toMatchObject([{ round: 1, outcome: 'cancelled' }]);
    });
  });
});

describe('continuing as new', () => {
  it('in a storm of wakes loses none, and no caller', async () => {
    const { at, syncRound } = gatedRounds();
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await at.reached;
      await Promise.all(Array.from({ length: 820 }, () => handle.signal(wakeSignal, { trigger: 'webhook' })));
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      at.open();
      // Served by the long run: a caller never waits across runs.
      expect(await update.result()).toMatchObject({ id: 'round-2' });
      const { client } = running.temporal;
      const [next] = await Promise.all([
        running.wakeRepository('webhook'),
        eventually(async () => running.inputs('syncRound').length >= 3),
      ]);
      expect(next.workflowId).toBe(handle.workflowId);
      const latest = await client.workflow.getHandle(handle.workflowId).describe();
      expect(latest.runId).not.toBe(handle.signaledRunId);
      expect(running.inputs('syncRound')).toMatchObject([
        { round: 1, trigger: 'webhook' },
        { round: 2, trigger: 'manual' },
        // Its job is kept under the first run.
        { round: 3, trigger: 'webhook', runId: handle.signaledRunId },
      ]);
    });
  });

  it('goes on with the same round when a reading takes long', async () => {
    let slices = 0;
    const syncRound = async (input: RoundInput) => {
      slices += 1;
      return roundOf(input, { more: slices < 160 });
    };
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.startRepository();
      await eventually(async () => slices === 160);
      await phase(running.temporal.client.workflow.getHandle(handle.workflowId), 'lingering');
      const seen = running.inputs('syncRound').map((input) => Object(input));
      expect(new Set(seen.map(({ round, runId, trigger }) => `${round} ${runId} ${trigger}`)).size).toBe(1);
      const latest = await running.temporal.client.workflow.getHandle(handle.workflowId).describe();
      expect(latest.runId).not.toBe(handle.firstExecutionRunId);
      expect(latest.historyLength).toBeLessThan(300);
    });
  });
});

it('answers jobs as the HTTP API shows them', async () => {
  await withWorkflows({}, async (running) => {
    const handle = await running.startRepository();
    const job: Job = await handle.executeUpdate(syncNowUpdate);
    expect(job).toEqual(roundOf({ repositoryId: running.id, trigger: 'manual', round: 2, runId: '' }).job);
  });
});
