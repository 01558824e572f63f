import { expect, it } from '@jest/globals';
import { createRepositoryActivities, type RoundResult } from '../../src/activities/repository-activities.ts';
import type { ActivityDependencies } from '../../src/activities/run-activity.ts';
import type { Trigger } from '../../src/model.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { inActivity } from '../support/mirror/in-activity.ts';
import { useMirror } from '../support/use-mirror.ts';

const app = 1_060_000_001;
const { mirror, control, unannounced } = useMirror();

/** One attempt of the first round of a repository, which deliveries caused unless said otherwise. */
function attempt(
  repositoryId: number,
  wakeImport: ActivityDependencies['wakeImport'] = () => Promise.reject(new Error('nothing is to be woken')),
  trigger: Trigger = 'webhook',
): Promise<RoundResult> {
  const { syncRound } = createRepositoryActivities({
    ...mirror.deps,
    sweepIntervalMs: 1,
    verifyIntervalMs: 1e12,
    freshForMs: 0,
    dashboardUrl: null,
    temporalUrl: () => null,
    wakeImport,
    wakeRepository: () => Promise.reject(new Error('nothing is to be woken')),
    reapJob: () => Promise.reject(new Error('no job is to be ended')),
    searchAttributesExist: () => false,
  });
  return inActivity(() => syncRound({ repositoryId, trigger, round: 1, runId: 'run' }));
}

const queued = () =>
  mirror.rows<{ id: number; wanted_mode: string }>(
    'select repository_id as id, wanted_mode from repository_sync where wanted_at is not null',
  );

it('wakes the import for further kinds although the attempt that compared died before', async () => {
  const { id } = mirror.sandbox.world.silently(() =>
    control.createRepository({ owner: 'acme', name: 'fresh' }),
  );
  control.push({ repo: id, commits: 1 });
  await control.deliveriesDone({});
  await expect(attempt(id, () => Promise.reject(new Error('the process ends here')))).rejects.toThrow();
  expect(await queued()).toEqual([{ id, wanted_mode: 'further' }]);
  const woken: unknown[] = [];
  const { job } = await attempt(
    id,
    async (installation, trigger) => void woken.push([installation, trigger]),
  );
  expect(woken).toEqual([[{ id: mirror.installationId, label: 'acme' }, 'webhook']]);
  expect(job).toMatchObject({ status: 'completed' });
});

it('makes the comparison that a delivery needs, although GitHub refused it to an earlier attempt', async () => {
  const { installationId } = mirror;
  const repository = { id: app, full_name: 'acme/app' };
  const payload = { action: 'edited', issue: { id: 1, number: 1 }, comment: { id: 1 }, repository };
  control.sendDelivery({ event: 'issues', payload: { ...payload, installation: { id: installationId } } });
  await control.deliveriesDone({});
  await unannounced(() => control.editIssue({ repo: app, number: 1, title: 'unseen' }));
  control.addFault({ action: { kind: 'status', status: 503 } });
  expect(await attempt(app)).toMatchObject({ waiting: { code: 'GITHUB_UNAVAILABLE' } });
  control.clearFaults({});
  expect(await attempt(app)).toMatchObject({ waiting: null, job: { status: 'completed' } });
  expect(await queued()).toEqual([]);
  expect((await differencesFromGitHub(mirror)).filter((line) => !line.includes('failed'))).toEqual([]);
});

it.each([
  ['suspended', 'suspend', 'INSTALLATION_SUSPENDED'],
  ['uninstalled', 'uninstall', 'INSTALLATION_REMOVED'],
] as const)(
  'ends as partial if the App is %s meanwhile: nothing failed here',
  async (_what, action, code) => {
    await unannounced(() => control[action]({ id: mirror.installationId }));
    const { job } = await attempt(app, undefined, 'manual');
    expect(job).toMatchObject({ status: 'partial', errors: 1, error: { code } });
    expect(await mirror.rows('select deleted_at, suspended_at from installations')).toEqual([
      { deleted_at: null, suspended_at: null },
    ]);
  },
);
