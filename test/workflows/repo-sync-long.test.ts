import { describe, expect, it } from '@jest/globals';
import type { RoundInput } from '../../src/activities/repository-round.ts';
import { syncNowUpdate, wakeSignal } from '../../src/workflows/messages.ts';
import { gatedRounds, roundOf } from './fake-activities.ts';
import { eventually, phase, withWorkflows } from './run-workflows.ts';

describe('continuing as new', () => {
  it('loses no wake and no caller in a storm', async () => {
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

  it('continues the same round if a list takes long', async () => {
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
