import { expect, it } from '@jest/globals';
import type { PassingAnswer } from '../support/between.ts';
import { timePasses, toldOf } from '../further/told.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/new';
const { mirror, control, between } = useMirrorBetweenEach();

const MINUTES = 60_000;

/** A repository with something in each list, of which no delivery tells. */
function createFullRepository(): void {
  mirror.sandbox.world.silently(() => {
    control.createRepository({ owner: 'acme', name: 'new' });
    control.push({ repo, commits: 2 });
    control.createBranch({ repo, branch: 'other' });
    control.push({ repo, branch: 'feature', commits: 1 });
    const { number } = control.openIssue({ repo, title: 'First', by: 'ann' });
    control.comment({ repo, number, body: 'Of an issue', by: 'ann' });
    const pull = control.openPull({ repo, head: 'feature', title: 'Second' });
    control.comment({ repo, number: pull.number, body: 'Of a pull request', by: 'ann' });
    control.reviewComment({ repo, number: pull.number, body: 'Of a line', by: 'ann' });
    control.createLabel({ repo, name: 'kept' });
    control.createMilestone({ repo, title: 'kept', by: 'ann' });
    control.pushTags({ repo, tags: { kept: 'main' } });
    control.createRelease({ repo, tag: 'kept', by: 'ann' });
  });
}

function empties(address: RegExp): (answer: PassingAnswer) => void {
  return (answer) => {
    if (!address.test(answer.request)) return;
    answer.status = 200;
    answer.body = '[]';
    delete answer.headers['link'];
  };
}

function emptyTags(answer: PassingAnswer): void {
  if (/query Tags\(/.test(answer.question))
    answer.body = answer.body.replace(/"nodes": ?\[.*\]/s, '"nodes":[]');
}

it.each<[string, (answer: PassingAnswer) => void]>([
  ['branches', empties(/\/branches\?/)],
  ['issues', empties(/\/issues\?/)],
  ['pull requests', empties(/\/pulls\?/)],
  ['labels', empties(/\/labels\?/)],
  ['milestones', empties(/\/milestones\?/)],
  ['releases', empties(/\/releases\?/)],
  ['tags', emptyTags],
  ['issue comments', empties(/\/issues\/(\d+\/)?comments\?/)],
  ['review comments', empties(/\/pulls\/(\d+\/)?comments\?/)],
])(
  'an import does not believe a list that stays empty although GitHub counts some: %s',
  async (_name, alter) => {
    createFullRepository();
    between.alter = alter;
    await mirror.sweep();
    const told = [await toldOf(mirror, repo)];
    const requests: number[] = [];
    for (let sweeps = 0; sweeps < 4; sweeps += 1) {
      await timePasses(mirror, 15 * MINUTES);
      between.requests.length = 0;
      await mirror.sweep();
      requests.push(between.requests.length);
      told.push(await toldOf(mirror, repo));
    }
    expect(told).not.toContain(null);
    expect(Math.max(...requests)).toBeLessThanOrEqual(20);
    between.alter = null;
    await timePasses(mirror, 60 * MINUTES);
    await mirror.sweep();
    expect([await toldOf(mirror, repo), await differencesFromGitHub(mirror)]).toEqual([null, []]);
  },
);
