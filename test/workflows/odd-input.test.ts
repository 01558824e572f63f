import { describe, expect, it } from '@jest/globals';
import { repoSyncId } from '../../src/workflows/messages.ts';
import { codeOf, phase, rounds, withWorkflows } from './run-workflows.ts';

describe('a workflow that is started by hand without an id', () => {
  it.each([
    ['RepoSync', []],
    ['RepoSync', [null]],
    ['RepoSync', [42]],
    ['RepoSync', [{}]],
    ['RepoSync', [{ repositoryId: '42' }]],
    ['RepoSync', [{ repositoryId: -1 }]],
    ['RepoSync', [{ repositoryId: 4.2 }]],
    ['InstallationImport', []],
    ['InstallationImport', [{ installation_id: 7 }]],
    ['InstallationDeliveries', []],
    ['InstallationDeliveries', [{ installationId: null }]],
  ])('fails at once with BAD_REQUEST: %s %j', async (type, args) => {
    await withWorkflows({}, async ({ temporal, id, calls }) => {
      const workflow = { workflowId: repoSyncId(id), taskQueue: temporal.taskQueue, args };
      expect(await codeOf(temporal.client.workflow.execute(type, workflow))).toBe('BAD_REQUEST');
      expect(calls).toEqual([]);
    });
  });
});

it('treats a sweep started with null as one without input', async () => {
  await withWorkflows({}, async ({ temporal, id, inputs }) => {
    const workflow = { workflowId: `sweep/${id}`, taskQueue: temporal.taskQueue, args: [null] };
    await temporal.client.workflow.execute('PeriodicSweep', workflow);
    expect(inputs('openJob')).toHaveLength(1);
  });
});

it.each([[null], ['now'], [{}], [{ trigger: 'me' }], [{ trigger: 'toString' }], [{ trigger: 7 }]])(
  'treats a manual wake with %j as one without an argument',
  async (wake) => {
    await withWorkflows({}, async (running) => {
      const handle = await running.temporal.client.workflow.signalWithStart('RepoSync', {
        workflowId: repoSyncId(running.id),
        taskQueue: running.temporal.taskQueue,
        args: [{ repositoryId: running.id }],
        signal: 'wake',
        signalArgs: [wake],
      });
      await phase(handle, 'lingering');
      expect(rounds(running)).toEqual(['manual']);
    });
  },
);
