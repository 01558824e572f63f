import { expect, it } from '@jest/globals';
import { installationDeliveriesId, wakeSignal } from '../../src/workflows/messages.ts';
import { gate } from './fake-activities.ts';
import { phase, withWorkflows } from './run-workflows.ts';

it("applies an installation's deliveries in few rounds, and completes", async () => {
  const at = gate();
  const applyDeliveries = async ({ round }: { round: number }) => {
    if (round === 1) await at.pass();
    return { repositories: 100, more: false, searchable: false };
  };
  await withWorkflows({ applyDeliveries }, async (running) => {
    const { client, taskQueue } = running.temporal;
    const wake = () =>
      client.workflow.signalWithStart('InstallationDeliveries', {
        workflowId: installationDeliveriesId(running.id),
        taskQueue,
        args: [{ installationId: running.id }],
        signal: wakeSignal,
        signalArgs: [{ trigger: 'webhook' }],
      });
    const handle = await wake();
    await at.reached;
    await phase(handle, 'applying deliveries');
    // It looks for what comes meanwhile by itself: any number of wakes is worth one more look.
    for (let n = 0; n < 20; n += 1) await wake();
    at.open();
    await handle.result();
    const runId = handle.signaledRunId;
    expect(running.inputs('applyDeliveries')).toEqual(
      [1, 2].map((round) => ({ installationId: running.id, round, runId })),
    );
  });
});
