import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import { installationImportId, syncNowUpdate, wakeSignal } from '../../src/workflows/messages.ts';
import { gate, oneWaits, queueOf, untilCancelled } from './fake-activities.ts';
import { codeOf, eventually, withWorkflows, type Running } from './run-workflows.ts';

type WorkOff = Activities['workOff'];

/** Continues an import whose token has been refused for an hour. */
function continueDisputed({ id, temporal: { client, taskQueue } }: Running) {
  const disputedSince = Date.now() - 3_600_000;
  const carried = { trigger: 'schedule', round: 0, listed: false, disputedSince, woken: null };
  return client.workflow.start('InstallationImport', {
    workflowId: installationImportId(id),
    taskQueue,
    args: [{ installationId: id, carried }],
  });
}

async function refuseToken(): ReturnType<WorkOff> {
  const code = 'INSTALLATION_SUSPENDED';
  return { remaining: 1, afterMs: 0, stopped: { code, message: 'no', retryAfterMs: 60_000 } };
}

describe('what stops an import', () => {
  it('is an unavailable GitHub: it waits, and a wake makes it try again', async () => {
    let asked = 0;
    const waiting = { code: 'RATE_LIMITED', message: 'for an hour', retryAfterMs: 3_600_000 } as const;
    await withWorkflows(
      {
        compareInstallation: async () => {
          asked += 1;
          return asked === 1 ? { state: 'live', wanted: 0, waiting } : { state: 'deleted', wanted: 0 };
        },
      },
      async (running) => {
        const handle = await running.wakeInstallation('webhook');
        await eventually(async () => running.inputs('noteFailure').length === 1);
        await handle.signal(wakeSignal, { trigger: 'webhook' });
        await handle.result();
        expect(asked).toBe(2);
        expect(running.inputs('noteFailure')).toMatchObject([
          { error: { code: 'RATE_LIMITED' }, waits: true },
        ]);
      },
    );
  });

  it('is GitHub being unavailable for long: it continues as new, and lists in the next run', async () => {
    const at = gate();
    let asked = 0;
    const waiting = { code: 'GITHUB_UNAVAILABLE', message: 'away', retryAfterMs: 1 } as const;
    const compareInstallation: Activities['compareInstallation'] = async () => {
      asked += 1;
      if (asked > 1) return { state: 'live', wanted: 0 };
      await at.pass();
      return { state: 'live', wanted: 0, waiting };
    };
    await withWorkflows({ compareInstallation }, async (running) => {
      const handle = await running.startInstallation();
      await at.reached;
      // Events that mean nothing to it.
      await Promise.all(Array.from({ length: 820 }, () => handle.signal('no-such-signal')));
      at.open();
      const latest = running.temporal.client.workflow.getHandle(handle.workflowId);
      await latest.result();
      expect((await latest.describe()).runId).not.toBe(handle.firstExecutionRunId);
      expect(asked).toBe(2);
      expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
    });
  });

  it('is a limit: it says so, waits, and continues', async () => {
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

  it('is a suspension midway: it ends as partial', async () => {
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

  it('is a token that is refused although GitHub shows the installation as live: it pauses, and lists once', async () => {
    let refused = true;
    const workOff: WorkOff = async () => {
      const code = 'INSTALLATION_SUSPENDED';
      if (refused) return { remaining: 1, afterMs: 0, stopped: { code, message: 'no', retryAfterMs: 300 } };
      return { remaining: 0, afterMs: 0, stopped: null };
    };
    await withWorkflows({ compareInstallation: oneWaits, workOff }, async (running) => {
      const began = Date.now();
      const handle = await running.startInstallation();
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const looks = running.inputs('workOff').length;
      // Half a second, then one and two: never sooner, however often it is refused.
      const due = [0, 500, 1500, 3500, 7500, 15_500];
      expect(looks).toBeLessThanOrEqual(due.filter((ms) => ms * 0.9 <= Date.now() - began).length);
      const asked = running.inputs('compareInstallation').map((input) => Object(input).pendingOnly === true);
      expect(asked.slice(0, 2)).toEqual([false, false]);
      // What the database knows costs GitHub no request.
      expect(asked.slice(2).every((pendingOnly) => pendingOnly)).toBe(true);
      refused = false;
      await handle.result();
      expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
    });
  });

  it('is such a dispute for an hour: it ends as failed, with what to do', async () => {
    await withWorkflows({ compareInstallation: oneWaits, workOff: refuseToken }, async (running) => {
      const handle = await continueDisputed(running);
      expect(await codeOf(handle.result())).toBe('INSTALLATION_SUSPENDED');
      expect(running.inputs('finishJob')).toMatchObject([
        {
          outcome: 'failed',
          error: { code: 'INSTALLATION_SUSPENDED', message: expect.stringContaining('Unsuspend the App') },
        },
      ]);
    });
  });

  it('is no dispute of before something else stopped it: how long that lasted is unknown', async () => {
    let asked = 0;
    const workOff: WorkOff = async () => {
      asked += 1;
      const code = asked === 1 ? 'RATE_LIMITED' : 'INSTALLATION_SUSPENDED';
      if (asked <= 2)
        return { remaining: 1, afterMs: 0, stopped: { code, message: 'no', retryAfterMs: 100 } };
      return { remaining: 0, afterMs: 0, stopped: null };
    };
    await withWorkflows({ compareInstallation: oneWaits, workOff }, async (running) => {
      const handle = await continueDisputed(running);
      await handle.result();
      expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
    });
  });

  it('is a limit for an hour: it ends at once if the App is uninstalled meanwhile', async () => {
    let listed = 0;
    await withWorkflows(
      {
        compareInstallation: async () => {
          listed += 1;
          return listed === 1 ? { state: 'live', wanted: 1 } : { state: 'deleted', wanted: 0 };
        },
        workOff: async () => ({
          remaining: 1,
          afterMs: 0,
          stopped: { code: 'RATE_LIMITED', message: 'for an hour', retryAfterMs: 3_600_000 },
        }),
      },
      async (running) => {
        const handle = await running.startInstallation();
        await eventually(async () => running.inputs('noteFailure').length === 1);
        await handle.signal(wakeSignal, { trigger: 'webhook' });
        await handle.result();
        expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
      },
    );
  });

  it('are repositories that others are writing: it tries at growing intervals', async () => {
    await withWorkflows(
      {
        compareInstallation: async () => ({ state: 'live', wanted: 1 }),
        workOff: async () => ({ remaining: 1, afterMs: 0, stopped: null }),
      },
      async (running) => {
        const began = Date.now();
        await running.startInstallation();
        await new Promise((resolve) => setTimeout(resolve, 4500));
        const looks = running.inputs('workOff').length;
        // After 0, 0.5, 1.5, 3.5 s and so on, less a tenth of jitter: a busy machine may have come further.
        const due = [0, 500, 1500, 3500, 7500, 15_500, 31_500];
        expect(looks).toBeLessThanOrEqual(due.filter((ms) => ms * 0.9 <= Date.now() - began).length);
      },
    );
  });

  it('is a cancellation: its job is cancelled', async () => {
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

  it('is a permanent failure: the job, the workflow and its callers get its code', async () => {
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
