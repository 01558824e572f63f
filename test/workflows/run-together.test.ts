import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import { wakeSignal } from '../../src/workflows/messages.ts';
import { gate, jobOf, oneWaits, untilCancelled } from './fake-activities.ts';
import { eventually, withWorkflows } from './run-workflows.ts';
import { pagesOf, startSweep } from './start-sweep.ts';

const refusal = () =>
  ApplicationFailure.create({ type: 'PERMISSION_MISSING', message: 'no', nonRetryable: true });

/** Records when calls of `workOff` that are cancelled end, and when the job does. */
function recordEnds() {
  const ends: string[] = [];
  const begun = gate();
  async function workOff(): Promise<never> {
    void begun.pass();
    return untilCancelled().finally(() => ends.push('work'));
  }
  const finishJob: Activities['finishJob'] = async ({ jobId, outcome }) => {
    ends.push(`job ${outcome}`);
    return jobOf({ id: jobId });
  };
  return { ends, begun: begun.reached, workOff, finishJob };
}

const manyWait: Activities['compareInstallation'] = async () => ({ state: 'live', wanted: 100 });

describe('a job ends after the last of its work', () => {
  it('when one of two lanes of an import fails', async () => {
    const { ends, begun, workOff, finishJob } = recordEnds();
    let lanes = 0;
    const oneFails: Activities['workOff'] = async () => {
      lanes += 1;
      if (lanes > 1) return workOff();
      await begun;
      throw refusal();
    };
    await withWorkflows({ compareInstallation: manyWait, workOff: oneFails, finishJob }, async (running) => {
      const handle = await running.startInstallation();
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'PERMISSION_MISSING' } });
      expect(ends).toEqual(['work', 'job failed']);
    });
  });

  it('when an import cannot list again beside its lanes', async () => {
    const { ends, begun, workOff, finishJob } = recordEnds();
    let listings = 0;
    const compareInstallation = async () => {
      listings += 1;
      if (listings === 1) return oneWaits();
      throw refusal();
    };
    await withWorkflows({ compareInstallation, workOff, finishJob }, async (running) => {
      const handle = await running.startInstallation();
      await begun;
      await handle.signal(wakeSignal, { trigger: 'manual' });
      await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'PERMISSION_MISSING' } });
      expect(ends).toEqual(['work', 'job failed']);
    });
  });

  it('when the round of a repository is cancelled', async () => {
    const { ends, begun, workOff } = recordEnds();
    const endRound: Activities['endRound'] = async ({ outcome }) => void ends.push(`job ${outcome}`);
    await withWorkflows({ syncRound: workOff, endRound }, async (running) => {
      const handle = await running.startRepository();
      await begun;
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(ends).toEqual(['work', 'job cancelled']);
    });
  });

  it('when a sweep is cancelled', async () => {
    const { ends, begun, workOff, finishJob } = recordEnds();
    const activities: Partial<Activities> = {
      openJob: async () => ({
        jobId: 'job',
        opened: true,
        searchable: false,
        page: null,
        pace: { turnMs: 600_000, recoverEveryMs: 600_000 },
      }),
      nextInstallations: pagesOf([1, 2]),
      compareInstallation: oneWaits,
      workOff,
      finishJob,
    };
    await withWorkflows(activities, async (running) => {
      const handle = await startSweep(running);
      await begun;
      await eventually(async () => running.inputs('workOff').length === 2);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(ends).toEqual(['work', 'work', 'job cancelled']);
    });
  });
});
