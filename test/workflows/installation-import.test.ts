import { describe, expect, it } from '@jest/globals';
import type { Activities } from '../../src/activities/index.ts';
import { syncNowUpdate, wakeSignal } from '../../src/workflows/messages.ts';
import { gate, jobOf, queueOf, searchableJob } from './fake-activities.ts';
import { eventually, phase, withWorkflows } from './run-workflows.ts';

type WorkOff = Activities['workOff'];

const done = { remaining: 0, afterMs: 0, stopped: null };

describe('an import', () => {
  it('lists, processes the queue, and closes its job', async () => {
    await withWorkflows(queueOf(3, 2), async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await handle.result();
      expect(running.calls.map(({ name }) => name)).toEqual([
        'openJob',
        'compareInstallation',
        'workOff',
        'workOff',
        'finishJob',
      ]);
      expect(running.inputs('openJob')).toEqual([
        {
          jobType: 'installation_import',
          trigger: 'webhook',
          installationId: running.id,
          workflowId: handle.workflowId,
          runId: handle.signaledRunId,
        },
      ]);
      expect(running.inputs('finishJob')).toEqual([{ jobId: 'job', outcome: 'done' }]);
    });
  });

  it('opens its job in an activity if the database does not answer at once', async () => {
    let tries = 0;
    const openJob: Activities['openJob'] = async () => {
      tries += 1;
      if (tries < 4) throw new Error('the database is away');
      return { jobId: 'job', opened: true, searchable: false, page: null };
    };
    await withWorkflows({ openJob }, async (running) => {
      const handle = await running.startInstallation();
      await handle.result();
      const { events = [] } = await handle.fetchHistory();
      const scheduled = events?.flatMap(
        ({ activityTaskScheduledEventAttributes: one }) => one?.activityType?.name ?? [],
      );
      expect(scheduled).toEqual(['openJob', 'compareInstallation', 'finishJob']);
      expect(tries).toBe(4);
    });
  });

  it('counts as manual when started by hand, and sets its search attributes', async () => {
    await withWorkflows({ openJob: searchableJob }, async (running) => {
      const handle = await running.startInstallation();
      await handle.result();
      expect(running.inputs('openJob')).toMatchObject([{ trigger: 'manual' }]);
      const { typedSearchAttributes } = await handle.describe();
      const set = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
      expect(Object.fromEntries(set)).toMatchObject({
        SyncTrigger: 'manual',
        GitHubInstallationId: String(running.id),
      });
    });
  });

  it('works in two lanes if many repositories are queued, and reports progress', async () => {
    const both = gate();
    let lanes = 0;
    const workOff: WorkOff = async () => {
      lanes += 1;
      await both.pass();
      return done;
    };
    await withWorkflows({ ...queueOf(20, 1), workOff }, async (running) => {
      const handle = await running.startInstallation();
      await eventually(async () => lanes === 2);
      expect(await phase(handle, 'importing')).toEqual({
        phase: 'importing',
        done: 0,
        total: 20,
        eta_seconds: null,
      });
      both.open();
      await handle.result();
      expect(lanes).toBe(2);
    });
  });

  it('reports the backfill as a separate phase with its own pace', async () => {
    const [first, second] = [gate(), gate()];
    const left = [2, 1, 0];
    const workOff: WorkOff = async () => {
      const remaining = left.shift() ?? 0;
      if (remaining === 1) await first.pass();
      if (remaining === 0) await second.pass();
      return { remaining, backfills: remaining, afterMs: 0, stopped: null };
    };
    await withWorkflows(
      { compareInstallation: queueOf(3, 1).compareInstallation, workOff },
      async (running) => {
        const handle = await running.startInstallation();
        await first.reached;
        const begun = { phase: 'backfilling', done: 0, total: 2, eta_seconds: null };
        expect(await handle.query('progress')).toEqual(begun);
        first.open();
        await second.reached;
        expect(await handle.query('progress')).toEqual({
          ...begun,
          done: 1,
          eta_seconds: expect.any(Number),
        });
        second.open();
        await handle.result();
      },
    );
  });

  it('serves a wake beside the work under way', async () => {
    const at = gate();
    const queue = queueOf(1, 1);
    let isFirst = true;
    const workOff: WorkOff = async (input) => {
      if (!isFirst) return queue.workOff(input);
      isFirst = false;
      await at.pass();
      return queue.workOff(input);
    };
    await withWorkflows({ ...queue, workOff }, async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await at.reached;
      queue.add(2);
      await handle.signal(wakeSignal, { trigger: 'webhook' });
      await eventually(async () => running.inputs('compareInstallation').length === 2);
      await handle.signal(wakeSignal, { trigger: 'manual' });
      await eventually(async () => running.inputs('compareInstallation').length === 3);
      // The first listing may have applied what the second wake is for; a person asks for all of it.
      const [first, webhook, manual] = running.inputs('compareInstallation');
      expect(webhook).toEqual({ ...Object(first), pendingOnly: true });
      expect(manual).toEqual(first);
      at.open();
      await handle.result();
      expect(await handle.query('progress')).toMatchObject({ phase: 'finishing', done: 3, total: 3 });
    });
  });

  it('forgets nothing that a listing queued while the lane was counting', async () => {
    const at = gate();
    let listed = 0;
    let worked = 0;
    await withWorkflows(
      {
        compareInstallation: async () => ({ state: 'live', wanted: (listed += 1) }),
        workOff: async () => {
          worked += 1;
          // Counted before the second listing, told after it.
          if (worked === 1) await at.pass();
          return done;
        },
      },
      async (running) => {
        const handle = await running.wakeInstallation('webhook');
        await at.reached;
        await handle.signal(wakeSignal, { trigger: 'webhook' });
        await eventually(async () => listed === 2);
        await eventually(async () => (await handle.query<{ total: number }>('progress')).total === 2);
        at.open();
        await handle.result();
        expect(worked).toBe(2);
      },
    );
  });

  it('gives a wake that arrives while its job is being closed its own job', async () => {
    const closing = gate();
    let closed = 0;
    const finishJob: Activities['finishJob'] = async () => {
      closed += 1;
      if (closed === 1) await closing.pass();
      return null;
    };
    await withWorkflows({ finishJob }, async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await closing.reached;
      await handle.signal(wakeSignal, { trigger: 'webhook' });
      closing.open();
      await handle.result();
      expect(running.inputs('compareInstallation')).toHaveLength(2);
      const [first, second] = running.inputs('openJob').map((input) => Object(input));
      expect([first.round, second.round]).toEqual([undefined, 1]);
      expect(second).toMatchObject({ trigger: 'webhook', runId: handle.signaledRunId });
    });
  });
});

describe('syncNow', () => {
  it('answers with the job of the running import, after another listing', async () => {
    const at = gate();
    const queue = queueOf(1, 1);
    const workOff: WorkOff = async (input) => {
      await at.pass();
      return queue.workOff(input);
    };
    await withWorkflows({ ...queue, workOff }, async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await at.reached;
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      await eventually(async () => running.inputs('compareInstallation').length === 2);
      at.open();
      expect(await update.result()).toMatchObject({ id: 'job', status: 'completed' });
      await handle.result();
    });
  });

  it('answers with its own job if it arrives while another is being closed', async () => {
    const closing = gate();
    let opened = 0;
    const openJob: Activities['openJob'] = async () => {
      opened += 1;
      return { jobId: `job ${opened}`, opened: true, searchable: false, page: null };
    };
    const finishJob: Activities['finishJob'] = async ({ jobId }) => {
      if (jobId === 'job 1') await closing.pass();
      return jobOf({ id: jobId });
    };
    await withWorkflows({ openJob, finishJob }, async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await closing.reached;
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      closing.open();
      expect(await update.result()).toMatchObject({ id: 'job 2', status: 'completed' });
      await handle.result();
      expect(running.inputs('finishJob')).toMatchObject([{ jobId: 'job 1' }, { jobId: 'job 2' }]);
    });
  });

  it('fails if its job no longer exists when it is closed', async () => {
    const closing = gate();
    const finishJob: Activities['finishJob'] = async () => {
      await closing.pass();
      return null;
    };
    await withWorkflows({ finishJob }, async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await closing.reached;
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      closing.open();
      await expect(update.result()).rejects.toMatchObject({ name: 'WorkflowUpdateFailedError' });
      await handle.result();
    });
  });
});

it('continues as new with its totals and its job, without listing again', async () => {
  const { workOff } = queueOf(200, 20);
  const listing = { compareInstallation: async () => ({ state: 'live', wanted: 200 }) as const };
  await withWorkflows({ ...listing, workOff }, async (running) => {
    const handle = await running.startInstallation();
    // Events that mean nothing to it.
    await Promise.all(Array.from({ length: 820 }, () => handle.signal('no-such-signal')));
    await running.temporal.client.workflow.getHandle(handle.workflowId).result();
    const latest = await running.temporal.client.workflow.getHandle(handle.workflowId).describe();
    expect(latest.runId).not.toBe(handle.firstExecutionRunId);
    expect(running.inputs('compareInstallation')).toHaveLength(1);
    const jobs = running.inputs('openJob').map((input) => Object(input));
    expect(new Set(jobs.map(({ runId }) => runId))).toEqual(new Set([handle.firstExecutionRunId]));
    expect(running.inputs('finishJob')).toHaveLength(1);
    const progress = await running.temporal.client.workflow.getHandle(handle.workflowId).query('progress');
    expect(progress).toMatchObject({ done: 200, total: 200 });
  });
});
