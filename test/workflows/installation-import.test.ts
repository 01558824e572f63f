import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import { syncNowUpdate, wakeSignal } from '../../src/workflows/messages.ts';
import { gate, untilCancelled } from './fake-activities.ts';
import { codeOf, eventually, phase, withWorkflows } from './run-workflows.ts';

type WorkOff = Activities['workOff'];

/** Lists so many repositories that wait; each call of `workOff` does `step` of them. */
function queueOf(wanted: number, step: number) {
  let remaining = wanted;
  const compareInstallation: Activities['compareInstallation'] = async () => ({
    state: 'live',
    wanted: remaining,
  });
  const workOff: WorkOff = async () => {
    remaining = Math.max(0, remaining - step);
    return { remaining, afterMs: 0, stopped: null };
  };
  return { compareInstallation, workOff, add: (more: number) => (remaining += more) };
}

const done = { remaining: 0, afterMs: 0, stopped: null };

describe('an import', () => {
  it('lists, works off what waits, and closes its job', async () => {
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

  it('started by hand is manual, and sets its search attributes', async () => {
    const openJob = async () => ({ jobId: 'job', opened: true, searchable: true });
    await withWorkflows({ openJob }, async (running) => {
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

  it('works in two lanes where many repositories wait, and tells how far it is', async () => {
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

  it('serves a wake beside the work under way', async () => {
    const at = gate();
    const queue = queueOf(1, 1);
    let first = true;
    const workOff: WorkOff = async (input) => {
      if (!first) return queue.workOff(input);
      first = false;
      await at.pass();
      return queue.workOff(input);
    };
    await withWorkflows({ ...queue, workOff }, async (running) => {
      const handle = await running.wakeInstallation('webhook');
      await at.reached;
      queue.add(2);
      await handle.signal(wakeSignal, { trigger: 'webhook' });
      await eventually(async () => running.inputs('compareInstallation').length === 2);
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

  it('gives a wake that comes while its job is being closed a job of its own', async () => {
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

describe('what stops an import', () => {
  it('a limit: it says so, waits, and goes on', async () => {
    const queue = queueOf(1, 1);
    let limited = true;
    const workOff: WorkOff = async (input) => {
      if (!limited) return queue.workOff(input);
      limited = false;
      return {
        remaining: 1,
        afterMs: 0,
        stopped: { code: 'RATE_LIMITED', message: 'spent', retryAfterMs: 300 },
      };
    };
    await withWorkflows({ ...queue, workOff }, async (running) => {
      const began = Date.now();
      await (await running.startInstallation()).result();
      expect(Date.now() - began).toBeGreaterThan(300);
      expect(running.inputs('noteFailure')).toEqual([
        { jobId: 'job', error: { code: 'RATE_LIMITED', message: 'spent' }, waits: true },
      ]);
    });
  });

  it('a suspension midway: it ends, and says that not all was had', async () => {
    let listed = 0;
    await withWorkflows(
      {
        compareInstallation: async () => {
          listed += 1;
          return listed === 1 ? { state: 'live', wanted: 20 } : { state: 'suspended', wanted: 0 };
        },
        workOff: async () => ({
          remaining: 20,
          afterMs: 0,
          stopped: { code: 'INSTALLATION_SUSPENDED', message: 'suspended', retryAfterMs: 30_000 },
        }),
      },
      async (running) => {
        await (await running.startInstallation()).result();
        // Once, whichever of the lanes met it.
        expect(running.inputs('noteFailure')).toMatchObject([{ error: { code: 'INSTALLATION_SUSPENDED' } }]);
        expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
      },
    );
  });

  it('repositories that others work on: it looks less and less often', async () => {
    await withWorkflows(
      {
        compareInstallation: async () => ({ state: 'live', wanted: 1 }),
        workOff: async () => ({ remaining: 1, afterMs: 0, stopped: null }),
      },
      async (running) => {
        await running.startInstallation();
        await new Promise((resolve) => setTimeout(resolve, 4500));
        // After 0, 0.5, 1.5 and 3.5 s.
        expect(running.inputs('workOff').length).toBeLessThanOrEqual(4);
      },
    );
  });

  it('a cancellation: its job is cancelled', async () => {
    await withWorkflows({ ...queueOf(1, 1), workOff: untilCancelled }, async (running) => {
      const handle = await running.startInstallation();
      await eventually(async () => running.inputs('workOff').length === 1);
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      await handle.cancel();
      expect(await codeOf(update.result())).toBe('JOB_CANCELLED');
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(running.inputs('finishJob')).toMatchObject([
        { outcome: 'cancelled', error: { code: 'JOB_CANCELLED' } },
      ]);
    });
  });

  it('a failure for good: the job, the workflow and who waits have its code', async () => {
    const at = gate();
    const compareInstallation = async () => {
      await at.pass();
      throw ApplicationFailure.create({ type: 'PERMISSION_MISSING', message: 'no', nonRetryable: true });
    };
    await withWorkflows({ compareInstallation }, async (running) => {
      const handle = await running.startInstallation();
      await at.reached;
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      at.open();
      expect(await codeOf(update.result())).toBe('PERMISSION_MISSING');
      expect(await codeOf(handle.result())).toBe('PERMISSION_MISSING');
      expect(running.inputs('finishJob')).toMatchObject([
        { outcome: 'failed', error: { code: 'PERMISSION_MISSING' } },
      ]);
    });
  });
});

describe('syncNow', () => {
  it('of a running import is answered with its job, after another listing', async () => {
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

  it('that comes while the job is being closed is answered with a job of its own', async () => {
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
      const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
      closing.open();
      await expect(update.result()).rejects.toMatchObject({ name: 'WorkflowUpdateFailedError' });
      await handle.result();
      expect(closed).toBe(2);
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
