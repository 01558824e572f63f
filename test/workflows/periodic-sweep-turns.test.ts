import { describe, expect, it } from '@jest/globals';
import type { Activities } from '../../src/activities/index.ts';
import { gate, untilCancelled } from './fake-activities.ts';
import { eventually, withWorkflows } from './run-workflows.ts';
import { listedIds, pagesOf, startSweep } from './start-sweep.ts';

/** Opens a sweep that works for so long on one installation, and reads the delivery log so often. */
const pacedJob =
  (turnMs: number, recoverEveryMs = 600_000): Activities['openJob'] =>
  async () => ({
    jobId: 'job',
    opened: true,
    searchable: false,
    page: null,
    pace: { turnMs, recoverEveryMs },
  });

/** Installation 1 has a queue that never ends, the others have nothing to do. */
const endless: Pick<Activities, 'compareInstallation' | 'workOff'> = {
  compareInstallation: async ({ installationId }) => ({
    state: 'live',
    wanted: installationId === 1 ? 1000 : 0,
  }),
  workOff: async () => ({ remaining: 1000, afterMs: 0, stopped: null }),
};

/** The first installation takes longer than three turns of a tenth of a second, the others have much to do. */
const firstIsSlow: Activities['compareInstallation'] = async ({ installationId }) => {
  if (installationId !== 1) return { state: 'live', wanted: 1000 };
  await new Promise((resolve) => setTimeout(resolve, 400));
  return { state: 'live', wanted: 0 };
};

describe('an installation whose queue never ends', () => {
  it('is left to its import after its turn, and the sweep completes', async () => {
    const nextInstallations = pagesOf([1, 2], [3]);
    await withWorkflows({ ...endless, openJob: pacedJob(600), nextInstallations }, async (running) => {
      const handle = await startSweep(running);
      await handle.result();
      expect(running.inputs('leaveToImport')).toEqual([{ installationId: 1 }]);
      // Half a second between the first two calls, a second before the third.
      expect(running.inputs('workOff').length).toBeLessThanOrEqual(3);
      expect(listedIds(running)).toEqual([1, 2, 3]);
      expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
      expect(running.inputs('noteFailure')).toEqual([]);
      expect(await handle.query('progress')).toMatchObject({ phase: 'finished', done: 3 });
    });
  });

  it('is left after one call once the sweep has lasted three turns', async () => {
    const nextInstallations = pagesOf([1], [2, 3]);
    const sweep = { ...endless, compareInstallation: firstIsSlow, nextInstallations };
    await withWorkflows({ ...sweep, openJob: pacedJob(100) }, async (running) => {
      await (await startSweep(running)).result();
      expect(running.inputs('workOff')).toHaveLength(2);
      expect(running.inputs('leaveToImport')).toHaveLength(2);
    });
  });

  it('is waited for if everything is compared', async () => {
    let remaining = 4;
    const workOff: Activities['workOff'] = async () => ({
      remaining: --remaining,
      afterMs: 0,
      stopped: null,
    });
    const nextInstallations = pagesOf([1]);
    await withWorkflows({ ...endless, workOff, openJob: pacedJob(1), nextInstallations }, async (running) => {
      await (await startSweep(running, { args: [{ everything: true }] })).result();
      expect(remaining).toBe(0);
      expect(running.inputs('leaveToImport')).toEqual([]);
    });
  });

  it('reads the log again while the sweep lasts, so that no lost delivery waits', async () => {
    const at = gate();
    const workOff: Activities['workOff'] = async () => {
      await at.pass();
      return { remaining: 0, afterMs: 0, stopped: null };
    };
    const nextInstallations = pagesOf([1]);
    await withWorkflows(
      { ...endless, workOff, openJob: pacedJob(600_000, 100), nextInstallations },
      async (running) => {
        const handle = await startSweep(running);
        await eventually(async () => running.inputs('recoverDeliveries').length >= 3);
        at.open();
        await handle.result();
        expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
      },
    );
  });

  it('is left when the sweep is cancelled while it is being worked on', async () => {
    const nextInstallations = pagesOf([1]);
    await withWorkflows(
      { ...endless, workOff: untilCancelled, openJob: pacedJob(600_000, 100), nextInstallations },
      async (running) => {
        const handle = await startSweep(running);
        await eventually(async () => running.inputs('recoverDeliveries').length >= 2);
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
        expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'cancelled' }]);
      },
    );
  });
});
