import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, unannounced } = useMirror();

interface Milestone {
  id: number;
  number: number;
}

/** A milestone of an issue and a pull request, deleted; from then on GitHub's answers still show it there. */
async function deleteShown(): Promise<void> {
  control.createMilestone({ repo, title: 'named' });
  for (const number of [1, 3]) control.setMilestone({ repo, number, milestone: 1 });
  await mirror.work();
  const [milestone] = await mirror.rows<Milestone>('select id, number from milestones');
  control.deleteMilestone({ repo, number: 1 });
  await mirror.work();
  for (const number of [1, 3]) {
    const action = { kind: 'odd-element', where: { number }, set: { milestone } } as const;
    control.addFault({ action, match: '/(issues|pulls)' });
  }
}

async function milestones(): Promise<(number | null)[]> {
  const rows = await mirror.rows<{
    milestone_id: number | null;
  }>(`select milestone_id from issues where number = 1
    union all select milestone_id from pull_requests where number = 3`);
  return rows.map(({ milestone_id: id }) => id);
}

describe('a deleted milestone', () => {
  it('stays deleted in issues and pull requests that a sweep lists, whatever the list shows', async () => {
    await deleteShown();
    await unannounced(() => {
      control.editIssue({ repo, number: 1, title: 'edited' });
      control.editIssue({ repo, number: 3, title: 'edited' });
    });
    await mirror.sweep();
    expect(await mirror.rows(`select title from issues where number = 1`)).toEqual([{ title: 'edited' }]);
    expect(await milestones()).toEqual([null, null]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('stays deleted in issues and pull requests that are requested one by one', async () => {
    await deleteShown();
    control.editLabel({ repo, name: 'bug', to: 'defect' });
    control.resetStats({});
    await mirror.work();
    expect(control.stats().byRoute).toMatchObject({
      'GET /repositories/:repository_id/issues/:number': expect.any(Number),
    });
    expect(await milestones()).toEqual([null, null]);
  });

  it('is shown again by a verification if it was only marked here as deleted', async () => {
    control.createMilestone({ repo, title: 'named' });
    for (const number of [1, 3]) control.setMilestone({ repo, number, milestone: 1 });
    await mirror.work();
    await mirror.rows('update milestones set deleted_at = now()');
    await mirror.rows('update issues set milestone_id = null');
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
