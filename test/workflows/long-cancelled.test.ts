import { expect, it } from '@jest/globals';
import { WorkflowContinuedAsNewError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import { gate, oneWaits, roundOf, type Gate } from './fake-activities.ts';
import { withWorkflows, type Running } from './run-workflows.ts';
import { pagesOf, startSweep } from './start-sweep.ts';

// Each of these ends without noticing that it was cancelled, as short ones do.

const workedOff = (at: Gate, remaining: number): Partial<Activities> => ({
  compareInstallation: oneWaits,
  nextInstallations: pagesOf([1], [2]),
  workOff: async () => {
    await at.pass();
    return { remaining, afterMs: 0, stopped: null };
  },
});

const roundBegun = (at: Gate): Partial<Activities> => ({
  syncRound: async (input) => {
    await at.pass();
    return roundOf(input, { job: null, more: true });
  },
});

const deliveriesApplied = (at: Gate): Partial<Activities> => ({
  applyDeliveries: async () => {
    await at.pass();
    return { repositories: 1, more: true, searchable: false };
  },
});

interface Case {
  title: string;
  activities: (at: Gate) => Partial<Activities>;
  start: (running: Running) => Promise<WorkflowHandle>;
}

const cases: Case[] = [
  {
    title: 'an import',
    activities: (at) => workedOff(at, 1),
    start: (running) => running.startInstallation(),
  },
  { title: 'a sweep', activities: (at) => workedOff(at, 0), start: (running) => startSweep(running) },
  {
    title: 'the round of a repository',
    activities: roundBegun,
    start: (running) => running.startRepository(),
  },
  {
    title: 'the deliveries of an installation',
    activities: deliveriesApplied,
    start: ({ temporal, id }) =>
      temporal.client.workflow.start('InstallationDeliveries', {
        workflowId: `installation-deliveries/${id}`,
        taskQueue: temporal.taskQueue,
        args: [{ installationId: id }],
      }),
  },
];

it.each(cases)(
  'ends, and does not continue as new, if it is cancelled when its history is long: $title',
  async ({ activities, start }) => {
    const at = gate();
    await withWorkflows(activities(at), async (running) => {
      const { workflowId } = await start(running);
      const { workflow } = running.temporal.client;
      await at.reached;
      // Events that mean nothing to it.
      const latest = workflow.getHandle(workflowId);
      await Promise.all(Array.from({ length: 820 }, () => latest.signal('no-such-signal')));
      await latest.cancel();
      const { runId } = await latest.describe();
      const run = workflow.getHandle(workflowId, runId, { followRuns: false });
      at.open();
      const ended = await run.result().catch((error: unknown) => error);
      if (ended instanceof WorkflowContinuedAsNewError) await latest.terminate();
      expect(ended).toMatchObject({ name: 'WorkflowFailedError', cause: expect.any(CancelledFailure) });
    });
  },
);
