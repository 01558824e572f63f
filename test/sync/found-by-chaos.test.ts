import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror } = useMirror();

describe('regressions found by the random test', () => {
  it('count the open issues after a comparison, not only after its first delivery', async () => {
    const { control } = mirror;
    control.growIssues({ repo, count: 10 });
    control.addDeliveryFault({ kind: 'drop' });
    control.addLabel({ repo, number: 1, label: 'wontfix' });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('ignore deliveries of a repository that GitHub blocks before it was ever seen', async () => {
    const { control } = mirror;
    control.addDeliveryFault({ kind: 'lose', times: 2 });
    control.createRepository({ owner: 'acme', name: 'unseen' });
    control.blockRepository({ repo: 'acme/unseen', reason: 'dmca' });
    control.push({ repo: 'acme/unseen' });
    await mirror.work();
    control.blockRepository({ repo: 'acme/unseen', reason: null });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('ignore deliveries of a removed repository that is blocked', async () => {
    const { control } = mirror;
    control.changeSelection({ id: mirror.installationId, repositories: [] });
    await mirror.work();
    control.blockRepository({ repo, reason: 'tos' });
    control.addDeliveryFault({ kind: 'lose', events: ['installation_repositories'] });
    control.changeSelection({ id: mirror.installationId, repositories: 'all' });
    control.openIssue({ repo });
    await mirror.work();
    control.blockRepository({ repo, reason: null });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('find a repository again under an unannounced installation', async () => {
    const { control } = mirror;
    control.createAccount({ login: 'other', type: 'Organization' });
    control.transferRepository({ repo, to: 'other' });
    await mirror.work();
    control.addDeliveryFault({ kind: 'lose', times: 1 });
    control.install({ account: 'other' });
    control.openIssue({ repo: 'other/app' });
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('find comments of pull requests that the App may not read', async () => {
    const { control } = mirror;
    const permissions = { metadata: 'read', contents: 'read', issues: 'read', members: 'read' };
    control.changePermissions({ id: mirror.installationId, permissions });
    await mirror.work();
    await mirror.sweep();
    control.addDeliveryFault({ kind: 'lose', times: 1 });
    control.comment({ repo, number: 3 });
    await mirror.sweep({ log: false });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
