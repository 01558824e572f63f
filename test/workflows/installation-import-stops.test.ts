import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import { syncNowUpdate } from '../../src/workflows/messages.ts';
import { gate, queueOf, untilCancelled } from './fake-activities.ts';
import { codeOf, eventually, withWorkflows } from './run-workflows.ts';

type WorkOff = Activities['workOff'];

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
