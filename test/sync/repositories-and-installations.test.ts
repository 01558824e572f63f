import { beforeEach, describe, expect, it } from '@jest/globals';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirror } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const nothing = { before: [], after: [] };
const { mirror, control } = useMirror();
let id: number;

beforeEach(() => {
  id = mirror.installationId;
});

const removed = `select full_name, removed_reason from repositories where removed_at is not null order by id`;
const liveIssues = `select count(*)::int as n from issues where deleted_at is null`;

/** What can happen to repositories and installations, each told by its deliveries in either order, or by none. */
const changes: Record<string, () => unknown> = {
  'a repository renamed': () => control.renameRepository({ repo, name: 'application' }),
  'a repository renamed, and another created under its name': () => {
    control.renameRepository({ repo, name: 'old' });
    control.createRepository({ owner: 'acme', name: 'app' });
    control.push({ repo, commits: 1 });
  },
  'two repositories that swap their names': () => {
    const other = control.createRepository({ owner: 'acme', name: 'other' });
    const { id: own } = control.renameRepository({ repo, name: 'between' });
    control.renameRepository({ repo: other.id, name: 'app' });
    control.renameRepository({ repo: own, name: 'other' });
  },
  'a repository deleted': () => control.deleteRepository({ repo }),
  'a repository deleted and created again under its name': () => {
    control.deleteRepository({ repo });
    control.createRepository({ owner: 'acme', name: 'app' });
    control.push({ repo, commits: 2 });
    control.openIssue({ repo });
  },
  'a repository archived': () => control.archiveRepository({ repo }),
  'a repository archived and back': () => {
    control.archiveRepository({ repo });
    control.archiveRepository({ repo, archived: false });
  },
  'a repository made private': () => control.setVisibility({ repo, visibility: 'private' }),
  'a repository described': () =>
    control.editRepository({
      repo,
      description: 'octopus',
      topics: ['z', 'a'],
      language: 'Ink',
      stargazers: 7,
    }),
  'a transfer to another installation': () => {
    control.install({ account: 'bob' });
    control.transferRepository({ repo, to: 'bob' });
  },
  'a transfer to another installation and back': () => {
    control.install({ account: 'bob' });
    control.transferRepository({ repo, to: 'bob' });
    control.transferRepository({ repo: 'bob/app', to: 'acme' });
  },
  'a transfer out of reach': () => control.transferRepository({ repo, to: 'bob' }),
  'a transfer out of reach and back': () => {
    control.transferRepository({ repo, to: 'bob' });
    control.transferRepository({ repo: 'bob/app', to: 'acme' });
  },
  'access lost': () => control.changeSelection({ id, repositories: [] }),
  'access lost and regained': () => {
    control.changeSelection({ id, repositories: [] });
    control.push({ repo, commits: 1 });
    control.changeSelection({ id, repositories: 'all' });
  },
  'a private repository out of reach': () => {
    control.setVisibility({ repo, visibility: 'private' });
    control.changeSelection({ id, repositories: [] });
  },
  'the owner renamed': () => control.renameAccount({ login: 'acme', to: 'zenith' }),
  'an uninstallation': () => control.uninstall({ id }),
  'an uninstallation and a new installation': () => {
    control.uninstall({ id });
    control.install({ account: 'acme' });
  },
  'a suspension': () => {
    control.suspend({ id });
    control.push({ repo, commits: 1 });
  },
  'a suspension and its end': () => {
    control.suspend({ id });
    control.push({ repo, commits: 1 });
    control.deleteIssue({ repo, number: 1 });
    control.unsuspend({ id });
  },
  'another installation': () => {
    control.install({ account: 'bob' });
    control.createRepository({ owner: 'bob', name: 'own' });
    control.push({ repo: 'bob/own', commits: 1 });
  },
};

describe.each(deliveryModes)('repositories and installations, %s', (way) => {
  it.each(Object.keys(changes))('%s', async (name) => {
    expect(await applyAndCompare(mirror, way, () => changes[name]?.())).toEqual(nothing);
  });
});

describe('repositories and installations', () => {
  it("keep a removed repository's rows, with the reason", async () => {
    control.createRepository({ owner: 'acme', name: 'moved' });
    control.createRepository({ owner: 'acme', name: 'closed' });
    await mirror.sweep();
    control.deleteRepository({ repo });
    await mirror.work();
    await applyAndCompare(mirror, 'lost', () =>
      control.transferRepository({ repo: 'acme/moved', to: 'bob' }),
    );
    control.changeSelection({ id, repositories: [] });
    await mirror.work();
    expect(await mirror.rows(removed)).toEqual([
      { full_name: 'acme/app', removed_reason: 'deleted' },
      { full_name: 'acme/moved', removed_reason: 'transferred' },
      { full_name: 'acme/closed', removed_reason: 'access_lost' },
    ]);
    expect(await mirror.rows(liveIssues)).toEqual([{ n: 2 }]);
  });

  it('are marked when the App is uninstalled', async () => {
    control.uninstall({ id });
    await mirror.work();
    expect(await mirror.rows(removed)).toEqual([{ full_name: 'acme/app', removed_reason: 'uninstalled' }]);
    expect(await mirror.rows('select deleted_at is null as live from installations')).toEqual([
      { live: false },
    ]);
  });

  it('follow a selection of more repositories than a page has', async () => {
    control.growRepositories({ owner: 'acme', count: 105, commits: 1 });
    expect(await applyAndCompare(mirror, 'delivered', () => undefined)).toMatchObject({ after: [] });
    const unselect = () => control.changeSelection({ id, repositories: [repo] });
    expect(await applyAndCompare(mirror, 'delivered', unselect)).toEqual(nothing);
    expect((await mirror.rows(removed)).length).toBe(105);
    expect(
      await applyAndCompare(mirror, 'lost', () => control.changeSelection({ id, repositories: 'all' })),
    ).toEqual(nothing);
    expect(await mirror.rows(removed)).toEqual([]);
  });

  it.each(['dmca', 'tos'] as const)('report a block (%s) and continue with the others', async (reason) => {
    control.createRepository({ owner: 'acme', name: 'other' });
    control.blockRepository({ repo, reason });
    control.push({ repo, commits: 1 });
    control.push({ repo: 'acme/other', commits: 1 });
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    const state = `select sync_status, left(sync_error, 18) as error, removed_at from repositories where name = 'app'`;
    expect(await mirror.rows(state)).toEqual([
      { sync_status: 'error', error: 'REPOSITORY_BLOCKED', removed_at: null },
    ]);
    expect(await mirror.rows(liveIssues)).toEqual([{ n: 2 }]);
    control.blockRepository({ repo, reason: null });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are not revived by late deliveries once removed', async () => {
    control.addDeliveryFault({ kind: 'hold', events: ['push', 'issues', 'repository.edited', 'create'] });
    control.push({ repo, commits: 1 });
    control.openIssue({ repo });
    control.editRepository({ repo, description: 'late' });
    control.deleteRepository({ repo });
    await mirror.work();
    expect(await mirror.rows(removed)).toEqual([{ full_name: 'acme/app', removed_reason: 'deleted' }]);
    control.clearFaults({});
    await mirror.work();
    expect(await mirror.rows(removed)).toEqual([{ full_name: 'acme/app', removed_reason: 'deleted' }]);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are not revived by late deliveries once uninstalled', async () => {
    control.addDeliveryFault({
      kind: 'hold',
      events: ['installation', 'installation_repositories', 'repository'],
    });
    control.createRepository({ owner: 'acme', name: 'late' });
    control.uninstall({ id });
    await mirror.sweep();
    control.clearFaults({});
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows('select 1 from repositories where removed_at is null')).toEqual([]);
  });

  it('are not removed because of a transient 404', async () => {
    control.addFault({
      action: { kind: 'status', status: 404, message: 'Not Found' },
      match: '/repositories/\\d+',
      times: 1,
    });
    control.push({ repo, commits: 1 });
    expect(await applyAndCompare(mirror, 'delivered', () => undefined)).toEqual(nothing);
    expect(await mirror.rows(removed)).toEqual([]);
  });

  it('are not removed because of repeated 404s of the repository alone', async () => {
    control.addFault({
      action: { kind: 'status', status: 404, message: 'Not Found' },
      match: '/repositories/\\d+',
    });
    await expect(mirror.sync(1_060_000_001)).rejects.toMatchObject({ code: 'NOT_YET_VISIBLE' });
    expect(await mirror.rows(removed)).toEqual([]);
  });

  it('are not removed because a list lacks one that GitHub confirms', async () => {
    control.addFault({
      action: { kind: 'status', status: 404, message: 'Not Found' },
      match: '/app/installations/\\d+$',
      times: 1,
    });
    await mirror.sweep();
    expect(await mirror.rows(removed)).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('accept deliveries for a repository before its installation is known', async () => {
    control.addDeliveryFault({
      kind: 'lose',
      events: ['installation', 'repository', 'installation_repositories'],
    });
    control.install({ account: 'bob' });
    control.createRepository({ owner: 'bob', name: 'own' });
    control.clearFaults({});
    expect(
      await applyAndCompare(mirror, 'delivered', () => control.push({ repo: 'bob/own', commits: 2 })),
    ).toEqual(nothing);
  });
});
