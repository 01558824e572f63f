import { beforeEach, describe, expect, it } from '@jest/globals';
import { compareInstallation } from '../../src/sync/installation/compare-installation.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control } = useMirror();

const inbox = () =>
  mirror.rows<{ status: string; failures: number; error: string | null }>(
    `select status, failures, left(error, 40) as error from webhook_deliveries
     where repository_id is null order by received_at, guid`,
  );
const compare = (installationId = mirror.installationId, pendingOnly = false) =>
  compareInstallation(mirror.deps, { installationId, jobId: mirror.jobId, freshForMs: 0, pendingOnly });
const waiting = { status: 'pending', error: expect.stringMatching(/^GITHUB_UNAVAILABLE: /) };

describe('an installation that GitHub cannot answer', () => {
  beforeEach(async () => {
    control.addFault({ action: { kind: 'status', status: 500 }, match: '/app/installations/\\d+$' });
    control.addDeliveryFault({ kind: 'lose', events: ['push', 'repository', 'create'] });
    control.createRepository({ owner: 'acme', name: 'new' });
    control.push({ repo: 'acme/app', commits: 2 });
    await control.deliveriesDone({});
  });

  it('does not delay the comparison of its repositories; its deliveries wait', async () => {
    expect(await compare()).toEqual({ state: 'live', wanted: 2, backfills: 0 });
    expect(await inbox()).toEqual([{ ...waiting, failures: 1 }]);
    expect(await mirror.rows('select errors, error from sync_jobs')).toEqual([
      { errors: 1, error: { code: 'GITHUB_UNAVAILABLE', message: expect.any(String) } },
    ]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await inbox()).toEqual([{ status: 'processed', failures: 1, error: null }]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('ends its deliveries as failed after an hour of attempts, and is compared', async () => {
    await mirror.rows(
      `update webhook_deliveries set failures = 5, received_at = now() - interval '61 minutes'`,
    );
    expect(await compare()).toEqual({ state: 'live', wanted: 2, backfills: 0 });
    expect(await inbox()).toEqual([{ ...waiting, status: 'failed', failures: 6 }]);
  });

  it('counts no attempt while GitHub as a whole does not answer', async () => {
    control.addFault({ action: { kind: 'status', status: 503 } });
    await expect(compare()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(await inbox()).toEqual([{ status: 'pending', failures: 0, error: null }]);
  });
});

it('delays its deliveries for at most an hour if its list cannot be read', async () => {
  control.addFault({ action: { kind: 'status', status: 500 }, match: '/installation/repositories' });
  control.createRepository({ owner: 'acme', name: 'new' });
  await control.deliveriesDone({});
  await expect(compare()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
  expect(await inbox()).toEqual([{ ...waiting, failures: 1 }]);
  await mirror.rows(
    `update webhook_deliveries set failures = 5, received_at = now() - interval '61 minutes'`,
  );
  await expect(compare()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
  expect(await inbox()).toEqual([{ ...waiting, status: 'failed', failures: 6 }]);
});

it('has its known repositories compared in a sweep if its list fails at the last attempt', async () => {
  control.addFault({ action: { kind: 'status', status: 500 }, match: '/installation/repositories' });
  control.addDeliveryFault({ kind: 'lose', events: ['issues'] });
  control.openIssue({ repo: 'acme/app', title: 'lost' });
  const request = {
    installationId: mirror.installationId,
    jobId: mirror.jobId,
    freshForMs: 0,
    refreshed: true,
  };
  await expect(
    compareInstallation(mirror.deps, { ...request, isLastTry: () => false }),
  ).rejects.toMatchObject({
    code: 'GITHUB_UNAVAILABLE',
  });
  const outcome = await compareInstallation(mirror.deps, { ...request, isLastTry: () => true });
  expect(outcome).toMatchObject({ state: 'live', wanted: 1 });
  expect(await mirror.rows('select errors from sync_jobs')).toEqual([{ errors: 1 }]);
});

it('is requested again, if new, when its deliveries are due', async () => {
  control.addFault({ action: { kind: 'status', status: 500 }, match: '/app/installations/\\d+$' });
  const { id } = control.install({ account: 'bob' });
  await control.deliveriesDone({});
  expect(await compare(id)).toEqual({ state: 'live', wanted: 0 });
  expect(await inbox()).toEqual([{ ...waiting, failures: 1 }]);
  control.clearFaults({});
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('ignores deliveries about an installation that the App does not have, with the reason', async () => {
  control.sendDelivery({ event: 'installation', payload: { action: 'created', installation: { id: 5 } } });
  control.sendDelivery({
    event: 'organization',
    payload: { action: 'renamed', organization: { id: 1 }, installation: { id: 5 } },
  });
  await mirror.work();
  const ignored = { status: 'ignored', failures: 0, error: 'this App has no installation 5' };
  expect(await inbox()).toEqual([ignored, ignored]);
});

it('fails a body of another event, which announces nothing, and compares the installation', async () => {
  const installation = { id: mirror.installationId };
  const [row] = await mirror.rows<{ id: number }>('select id from repositories');
  control.addFault({ action: { kind: 'empty' }, match: '/installation/repositories', times: 1 });
  control.sendDelivery({
    event: 'installation_repositories',
    payload: {
      action: 'removed',
      installation,
      organization: { id: 1 },
      membership: {},
      repositories_removed: [row],
    },
  });
  await mirror.work();
  expect(await inbox()).toEqual([
    { status: 'failed', failures: 0, error: expect.stringMatching(/^DELIVERY_UNREADABLE: /) },
  ]);
  expect(await mirror.rows('select removed_at from repositories')).toEqual([{ removed_at: null }]);
});

it('requests an installation that was compared a moment ago only if a delivery arrived since', async () => {
  control.resetStats({});
  expect(await compare(mirror.installationId, true)).toEqual({ state: 'live', wanted: 0, backfills: 0 });
  expect(control.stats().requests).toBe(0);
  control.addDeliveryFault({ kind: 'lose', events: ['repository', 'create', 'push'] });
  control.createRepository({ owner: 'acme', name: 'new' });
  await control.deliveriesDone({});
  expect(await compare(mirror.installationId, true)).toMatchObject({ wanted: 1 });
  expect(await inbox()).toEqual([{ status: 'processed', failures: 0, error: null }]);
});
