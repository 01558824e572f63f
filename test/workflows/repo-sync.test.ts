import { describe, expect, it } from '@jest/globals';
import type { RoundInput } from '../../src/activities/repository-round.ts';
import { repoSyncId, syncNowUpdate, wakeSignal } from '../../src/workflows/messages.ts';
import { gatedRounds, roundOf } from './fake-activities.ts';
import { eventually, phase, rounds, withWorkflows, type Running } from './run-workflows.ts';

describe('a wake', () => {
  it('runs a round at once, and lingers', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'lingering');
      expect(running.inputs('syncRound')).toEqual([
        { repositoryId: running.id, trigger: 'webhook', round: 1, runId: handle.signaledRunId },
      ]);
    });
  });

  it.each(['schedule', 'recovery'] as const)('keeps its trigger: %s', async (trigger) => {
    await withWorkflows({}, async (running) => {
      await phase(await running.wakeRepository(trigger), 'lingering');
      expect(rounds(running)).toEqual([trigger]);
    });
  });

  it('is merged with all others during a round into exactly one more, with the strongest trigger', async () => {
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

  it('starts another round in the same run while it lingers', async () => {
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
  ])('runs a full comparison if it is manual, %s', async (_how, start) => {
    await withWorkflows({}, async (running) => {
      await phase(await start(running), 'lingering');
      expect(rounds(running)).toEqual(['manual']);
    });
  });

  it('creates no job if there is nothing to do', async () => {
    await withWorkflows({ syncRound: async (input) => roundOf(input, { job: null }) }, async (running) => {
      expect(await phase(await running.wakeRepository('webhook'), 'lingering')).toMatchObject({ done: 1 });
    });
  });
});

describe('search attributes', () => {
  const labels = { installationId: 7, repository: 'octo/hello' };

  it('are set by a run that was started without them', async () => {
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

  it('are not set if the namespace lacks them', async () => {
    await withWorkflows({}, async (running) => {
      const handle = await running.startRepository();
      await phase(handle, 'lingering');
      const set = (await handle.describe()).typedSearchAttributes.getAll().map(({ key }) => key.name);
      // What the server itself sets is no business of ours.
      expect(set.filter((name) => name !== 'BuildIds')).toEqual([]);
    });
  });
});

describe('an unavailable GitHub', () => {
  const waiting = { code: 'RATE_LIMITED', message: 'for an hour', retryAfterMs: 3_600_000 } as const;
  const stuck = async (input: RoundInput) => roundOf(input, { waiting, more: true });

  it('is waited for, and a wake runs the same round again', async () => {
    await withWorkflows({ syncRound: stuck }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'waiting for GitHub');
      await running.wakeRepository('webhook');
      await eventually(async () => running.inputs('syncRound').length === 2);
      await phase(handle, 'waiting for GitHub');
      expect(running.inputs('syncRound')).toMatchObject([{ round: 1 }, { round: 1 }]);
    });
  });

  it('is retried by itself, followed by what was requested meanwhile', async () => {
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

  it('is no longer waited for after a cancellation', async () => {
    await withWorkflows({ syncRound: stuck }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'waiting for GitHub');
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(running.inputs('endRound')).toMatchObject([{ round: 1, outcome: 'cancelled' }]);
    });
  });
});
