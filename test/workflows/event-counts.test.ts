import { describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { wakeSignal } from '../../src/workflows/messages.ts';
import { gatedRounds, queueOf } from './fake-activities.ts';
import { withWorkflows } from './run-workflows.ts';

/** Events cost storage, and a millisecond each when a worker takes the workflow over: they are bounded here. */
async function eventsOf(handle: WorkflowHandle): Promise<number> {
  return (await handle.describe()).historyLength;
}

describe('events of a repository', () => {
  const counts = Promise.all([afterWakes(1), afterWakes(50)]);

  it.each([
    ['one webhook', 0, 17, 1],
    ['a storm of 50', 1, 130, 2],
  ])('%s, from the wake to the end of its lingering', async (_what, index, most, rounds) => {
    const seen = (await counts)[index];
    expect(seen?.events).toBeLessThanOrEqual(most);
    expect(seen?.rounds).toBe(rounds);
  });
});

/** Both at once: each lingers for 15 s. */
async function afterWakes(wakes: number): Promise<{ events: number; rounds: number }> {
  const { at, syncRound } = gatedRounds();
  return withWorkflows({ syncRound }, async (running) => {
    const handle = await running.wakeRepository('webhook');
    await at.reached;
    await Promise.all(
      Array.from({ length: wakes - 1 }, () => handle.signal(wakeSignal, { trigger: 'webhook' })),
    );
    at.open();
    await handle.result();
    return { events: await eventsOf(handle), rounds: running.inputs('syncRound').length };
  });
}

describe('events of an import', () => {
  it.each([10, 1000])(
    'depend on the duration of an import of %i repositories, not on their number',
    async (many) => {
      // A call of the real activity works for 20 s before it returns.
      await withWorkflows(queueOf(many, many), async (running) => {
        const handle = await running.wakeInstallation('webhook');
        await handle.result();
        expect(await eventsOf(handle)).toBeLessThanOrEqual(36);
      });
    },
  );
});

describe('events of a sweep', () => {
  it.each([1, 40])('are at most 12 for each of %i installations, and 50', async (many) => {
    const ids = Array.from({ length: many }, (_, index) => index + 1);
    const nextInstallations = async ({ after }: { after: number }) => ({
      ids: after === 0 ? ids : [],
      more: false,
    });
    await withWorkflows({ nextInstallations }, async (running) => {
      const { client, taskQueue } = running.temporal;
      const workflowId = `periodic-sweep/${running.id}`;
      const handle = await client.workflow.start('PeriodicSweep', { workflowId, taskQueue });
      await handle.result();
      expect(await eventsOf(handle)).toBeLessThanOrEqual(50 + 12 * many);
    });
  });
});
