import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, unannounced, between } = useMirrorBetweenEach();

const listed = z.object({ repositories: z.array(z.looseObject({ name: z.string() })) });
const removed = 'select name from repositories where removed_at is not null';

describe('answers from different replicas', () => {
  it('are asked for again where they show an open pull request into a branch that is gone', async () => {
    const asked = new Map<string, number>();
    // The first answers about each are from before the renaming, as those about its branch no longer are.
    between.alter = (answer) => {
      if (!/^GET \/repositories\/\d+\/pulls\/\d+$/.test(answer.request)) return;
      const times = (asked.get(answer.request) ?? 0) + 1;
      asked.set(answer.request, times);
      if (times <= 2) answer.body = answer.body.replace('"ref":"trunk"', '"ref":"main"');
    };
    control.renameBranch({ repo, from: 'main', to: 'trunk' });
    await mirror.work();
    expect(asked.size).toBeGreaterThan(0);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('do not hide a deleted issue for longer than the list is behind the count', async () => {
    control.faultSettings({ staleSeconds: 60, staleApi: 'rest' });
    await unannounced(() => control.deleteIssue({ repo, number: 1 }));
    await mirror.sweep({ log: false });
    control.faultSettings({ staleSeconds: 0, staleApi: 'both' });
    await mirror.rows(`update repository_sync set differences =
      jsonb_set(differences, '{issues,recheck_at}', '"2020-01-01T00:00:00Z"') where differences ? 'issues'`);
    await mirror.sweep({ log: false });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are asked for again at the next sweep where they never showed what was delivered', async () => {
    const { milestone } = control.createMilestone({ repo, title: 'Old' });
    await mirror.work();
    await mirror.sweep({ log: false });
    control.faultSettings({ staleSeconds: 60 });
    control.editLabel({ repo, name: 'bug', color: '123456' });
    control.createMilestone({ repo, title: 'New' });
    control.deleteMilestone({ repo, number: milestone.number });
    await mirror.work();
    control.faultSettings({ staleSeconds: 0 });
    await mirror.sweep({ log: false });
    expect(await mirror.rows('select title from milestones where deleted_at is null')).toEqual([
      { title: 'New' },
    ]);
    expect(await mirror.rows(`select color from labels where name = 'bug'`)).toEqual([{ color: '123456' }]);
    expect(await mirror.verify()).toBe(0);
  });

  it.each<[string, () => unknown]>([
    ['an issue', () => control.openIssue({ repo: 'acme/back', title: 'Again' })],
    ['a push', () => control.push({ repo: 'acme/back', commits: 1 })],
    [
      'a change of its description',
      () => control.editRepository({ repo: 'acme/back', description: 'Again' }),
    ],
  ])('do not hide a repository that is back, of which only %s tells', async (_name, happen) => {
    control.createRepository({ owner: 'acme', name: 'back' });
    control.push({ repo: 'acme/back', commits: 1 });
    await mirror.work();
    control.changeSelection({ id: mirror.installationId, repositories: ['acme/app'] });
    await mirror.work();
    expect(await mirror.rows(removed)).toEqual([{ name: 'back' }]);
    let stale = 5;
    // All of GitHub's answers are from before it was added again: those about the repository, and the list.
    between.alter = (answer) => {
      if (stale === 0) return;
      if (/\/installation\/repositories\?/.test(answer.request)) {
        const { repositories } = listed.parse(JSON.parse(answer.body));
        const known = repositories.filter(({ name }) => name !== 'back');
        answer.body = JSON.stringify({ total_count: known.length, repositories: known });
      } else if (/\/(repos\/acme\/back|repositories\/\d+)(\/installation)?$/.test(answer.request)) {
        stale -= 1;
        Object.assign(answer, { status: 404, body: '{"message":"Not Found"}' });
      }
    };
    const lost = control.addDeliveryFault({ kind: 'lose', events: ['installation_repositories.added'] });
    control.changeSelection({ id: mirror.installationId, repositories: ['acme/app', 'acme/back'] });
    await control.deliveriesDone({});
    control.removeDeliveryFault({ id: lost.id });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    happen();
    await mirror.work();
    expect([stale, await mirror.rows(removed)]).toEqual([0, []]);
    between.alter = null;
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are asked once about a removed repository where a late delivery tells of what was before', async () => {
    control.createRepository({ owner: 'acme', name: 'left' });
    await mirror.work();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const held = control.addDeliveryFault({ kind: 'hold', events: ['issues.opened'] });
    control.openIssue({ repo: 'acme/left', title: 'Before' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    control.changeSelection({ id: mirror.installationId, repositories: ['acme/app'] });
    control.removeDeliveryFault({ id: held.id });
    await mirror.work();
    expect(await mirror.rows(removed)).toEqual([{ name: 'left' }]);
    between.requests.length = 0;
    control.releaseDeliveries({ order: [0] });
    await mirror.work();
    expect(between.requests.filter((one) => one.endsWith('/repos/acme/left/installation'))).toHaveLength(1);
  });

  it('do not hide a new repository of which only its own deliveries tell', async () => {
    let stale = 2;
    between.alter = (answer) => {
      if (stale === 0 || !answer.request.endsWith('/repos/acme/fresh/installation')) return;
      stale -= 1;
      Object.assign(answer, { status: 404, body: '{"message":"Not Found"}' });
    };
    control.addDeliveryFault({ kind: 'lose', events: ['installation_repositories.added'] });
    control.createRepository({ owner: 'acme', name: 'fresh' });
    await mirror.work();
    expect(stale).toBe(0);
    expect(await mirror.rows(`select name from repositories where name = 'fresh'`)).toEqual([
      { name: 'fresh' },
    ]);
  });
});
