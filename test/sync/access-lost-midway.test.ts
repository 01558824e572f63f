import { beforeEach, describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

beforeEach(async () => {
  await unannounced(() => {
    control.comment({ repo, number: 1, body: 'On 1', by: 'ann' });
    control.reviewComment({ repo, number: 3, body: 'Why?', by: 'ann' });
    control.createLabel({ repo, name: 'ink' });
    control.createMilestone({ repo, title: 'one' });
    control.pushTags({ repo, tags: { v1: 'main' } });
    control.createRelease({ repo, tag: 'v1' });
  });
  await mirror.verify();
});

/** From the first request for a single object on, everything in the repository answers 404. */
function loseAccess(list: RegExp, single: RegExp): void {
  let isLost = false;
  between.alter = (answer) => {
    const { request } = answer;
    if (!isLost && list.test(request)) {
      answer.body = '[]';
      delete answer.headers['link'];
    }
    isLost ||= single.test(request);
    if (!isLost || !/ \/(repositories\/|repos\/acme\/app)/.test(request)) return;
    answer.status = 404;
    answer.body = JSON.stringify({ message: 'Not Found' });
  };
}

describe('access that is lost between a list and the requests for what it lacks', () => {
  it.each([
    ['issue_comments', /\/issues\/(\d+\/)?comments\?/, /\/issues\/comments\/\d+$/],
    ['pull_request_review_comments', /\/pulls\/(\d+\/)?comments\?/, /\/pulls\/comments\/\d+$/],
    ['labels', /\/labels\?/, /\/labels\/[^/?]+$/],
    ['milestones', /\/milestones\?/, /\/milestones\/\d+$/],
    ['releases', /\/releases\?/, /\/releases\/\d+$/],
  ])('counts as no absence: %s', async (table, list, single) => {
    loseAccess(list, single);
    await mirror.verify().catch(() => undefined);
    expect(between.requests.some((request) => single.test(request))).toBe(true);
    expect(await mirror.rows(`select 1 from ${table} where deleted_at is not null`)).toEqual([]);
    between.alter = null;
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('counts as no absence: branches, while GraphQL does not answer either', async () => {
    loseAccess(/\/branches\?/, /\/branches\/[^/?]+$/);
    control.addFault({ action: { kind: 'status', status: 502 }, match: 'BranchHeads' });
    await mirror.verify().catch(() => undefined);
    expect(between.requests.some((request) => /\/branches\/[^/?]+$/.test(request))).toBe(true);
    expect(await mirror.rows('select 1 from branches where deleted_at is not null')).toEqual([]);
  });

  it('counts as no absence of a comment that a delivery tells of', async () => {
    control.comment({ repo, number: 1, body: 'Told', by: 'ann' });
    await mirror.work();
    for (const body of ['Told again', 'Told once more']) control.editComment({ repo, number: 1, body });
    loseAccess(/nothing/, /\/issues\/comments\/\d+$/);
    await mirror.work().catch(() => undefined);
    expect(between.requests.some((request) => /\/issues\/comments\/\d+$/.test(request))).toBe(true);
    expect(await mirror.rows('select 1 from issue_comments where deleted_at is not null')).toEqual([]);
  });
});
