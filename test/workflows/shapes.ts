import type { Activities } from '../../src/activities/index.ts';
import type { RoundInput } from '../../src/activities/repository-round.ts';
import { installationDeliveriesId, syncNowUpdate, wakeSignal } from '../../src/workflows/messages.ts';
import { gatedRounds, jobOf, oneWaits, queueOf, roundOf, searchableJob } from './fake-activities.ts';
import type { Running } from './run-workflows.ts';

/** A course of events of which a history is kept, and which gives the workflow's id when it is over. */
export interface Shape {
  name: string;
  activities: Partial<Activities>;
  play: (running: Running) => Promise<string>;
}

const labels = { installationId: 7, repository: 'octo/hello' };

/** Every workflow type, every message, ended in every way: what a new version of the code must still replay. */
export function shapes(): Shape[] {
  return [...repositoryShapes(), ...installationShapes(), ...sweepShapes()];
}

function repositoryShapes(): Shape[] {
  const storm = gatedRounds();
  const waiting = { code: 'RATE_LIMITED', message: 'spent', retryAfterMs: 200 } as const;
  let tries = 0;
  let slices = 0;
  return [
    {
      name: 'repo-sync-wake',
      activities: { syncRound: async (input) => roundOf(input, { labels }) },
      async play(running) {
        const handle = await running.wakeRepository('webhook');
        await handle.result();
        return handle.workflowId;
      },
    },
    {
      name: 'repo-sync-storm',
      activities: { syncRound: storm.syncRound },
      async play(running) {
        const handle = await running.wakeRepository('webhook');
        await storm.at.reached;
        for (let n = 0; n < 20; n += 1) await handle.signal(wakeSignal, { trigger: 'webhook' });
        const update = await handle.startUpdate(syncNowUpdate, { waitForStage: 'ACCEPTED' });
        storm.at.open();
        await update.result();
        await handle.result();
        return handle.workflowId;
      },
    },
    {
      name: 'repo-sync-waits',
      activities: {
        async syncRound(input: RoundInput) {
          tries += 1;
          return roundOf(input, tries < 3 ? { waiting } : {});
        },
      },
      async play(running) {
        const handle = await running.startRepository();
        await handle.result();
        return handle.workflowId;
      },
    },
    {
      name: 'repo-sync-continues',
      activities: {
        async syncRound(input: RoundInput) {
          slices += 1;
          return roundOf(input, { more: slices < 140 });
        },
      },
      async play(running) {
        const handle = await running.startRepository();
        await handle.result();
        return handle.workflowId;
      },
    },
  ];
}

function installationShapes(): Shape[] {
  const long = queueOf(40, 2);
  return [
    {
      name: 'installation-import',
      activities: { ...queueOf(3, 2), openJob: searchableJob, finishJob: async () => jobOf() },
      async play(running) {
        const handle = await running.startInstallation();
        await handle.executeUpdate(syncNowUpdate);
        await handle.result();
        return handle.workflowId;
      },
    },
    {
      name: 'installation-import-opens-its-job',
      activities: { ...queueOf(3, 2), openJob: searchableJob },
      async play(running) {
        const handle = await running.wakeInstallation('webhook');
        await handle.result();
        return handle.workflowId;
      },
    },
    {
      name: 'installation-deliveries',
      activities: {
        applyDeliveries: async ({ round }) => ({ repositories: 30, more: round < 2, searchable: true }),
      },
      async play({ temporal, id }) {
        const { client, taskQueue } = temporal;
        const workflowId = installationDeliveriesId(id);
        const args: [{ installationId: number }] = [{ installationId: id }];
        const handle = await client.workflow.start('InstallationDeliveries', { workflowId, taskQueue, args });
        await handle.result();
        return workflowId;
      },
    },
    {
      name: 'installation-import-continues',
      activities: long,
      async play(running) {
        const handle = await running.wakeInstallation('webhook');
        await Promise.all(Array.from({ length: 820 }, () => handle.signal('no-such-signal')));
        await running.temporal.client.workflow.getHandle(handle.workflowId).result();
        return handle.workflowId;
      },
    },
  ];
}

function sweepShapes(): Shape[] {
  const ids = Array.from({ length: 100 }, (_, index) => index + 1);
  return [
    {
      name: 'periodic-sweep',
      activities: {
        openJob: searchableJob,
        compareInstallation: oneWaits,
        nextInstallations: pageOf([1, 2, 3]),
      },
      play: (running) => sweep(running, []),
    },
    {
      name: 'periodic-sweep-continues',
      activities: { compareInstallation: oneWaits, nextInstallations: pageOf(ids) },
      play: (running) => sweep(running, [{ everything: true }]),
    },
    {
      name: 'periodic-sweep-bounded',
      activities: {
        openJob: async () => ({ ...(await searchableJob()), pace: { turnMs: 600, recoverEveryMs: 250 } }),
        compareInstallation: oneWaits,
        workOff: async ({ installationId }) => ({
          remaining: installationId === 1 ? 1000 : 0,
          afterMs: 0,
          stopped: null,
        }),
        nextInstallations: pageOf([1, 2, 3]),
      },
      play: (running) => sweep(running, []),
    },
  ];
}

function pageOf(all: number[]): Activities['nextInstallations'] {
  return async ({ after }) => ({ ids: after === 0 ? all : [], more: false });
}

async function sweep({ temporal, id }: Running, args: [] | [{ everything: true }]): Promise<string> {
  const workflowId = `periodic-sweep/${id}`;
  const { taskQueue } = temporal;
  const handle = await temporal.client.workflow.start('PeriodicSweep', { workflowId, taskQueue, args });
  await handle.result();
  return workflowId;
}
