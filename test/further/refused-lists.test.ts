import { describe, expect, it } from '@jest/globals';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesIn } from '../support/mirror-differences.ts';
import { expectGrowingIntervals, requestsOfTenSweeps } from '../support/ten-sweeps.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';
import { failuresAreEarlier } from '../support/failures-are-earlier.ts';
import { timePasses, toldOf } from './told.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

const MINUTES = 60_000;

interface RefusedList {
  table: string;
  address: RegExp;
  /** answers nothing, so that only the list of one issue or pull request can show a comment */
  empty?: RegExp;
  /** what GitHub shows a change of the list by */
  change: () => unknown;
}

const lists: Record<string, RefusedList> = {
  labels: {
    table: 'labels',
    address: /\/labels\?/,
    change: () => control.createLabel({ repo, name: 'new' }),
  },
  milestones: {
    table: 'milestones',
    address: /\/milestones\?/,
    change: () => control.createMilestone({ repo, title: 'new', by: 'ann' }),
  },
  releases: {
    table: 'releases',
    address: /\/releases\?/,
    change: () => control.createRelease({ repo, tag: 'v9', by: 'ann' }),
  },
  'all issue comments': {
    table: 'issue_comments',
    address: /\/issues\/comments\?/,
    change: () => control.comment({ repo, number: 2, body: 'New', by: 'ann' }),
  },
  'all review comments': {
    table: 'pull_request_review_comments',
    address: /\/pulls\/comments\?/,
    change: () => control.reviewComment({ repo, number: 3, body: 'New', by: 'ann' }),
  },
  'the comments of one issue': {
    table: 'issue_comments',
    address: /\/issues\/2\/comments\?/,
    empty: /\/issues\/comments\?/,
    change: () => control.comment({ repo, number: 2, body: 'New', by: 'ann' }),
  },
  'the review comments of one pull request': {
    table: 'pull_request_review_comments',
    address: /\/pulls\/3\/comments\?/,
    empty: /\/pulls\/comments\?/,
    change: () => control.reviewComment({ repo, number: 3, body: 'New', by: 'ann' }),
  },
};

function refuse({ address, empty }: RefusedList, status: number): void {
  between.alter = (answer) => {
    const isEmpty = empty?.test(answer.request) === true;
    if (!isEmpty && !address.test(answer.request)) return;
    if (!isEmpty) answer.status = status;
    answer.body = isEmpty ? '[]' : JSON.stringify({ message: 'No' });
    delete answer.headers['link'];
  };
}

describe.each([
  [404, 1],
  // A page that fails is requested in other sizes as well.
  [500, 15],
])('a list that answers %i for good', (status, requests) => {
  it.each(Object.entries(lists))('is requested at growing intervals: %s', async (_name, list) => {
    await mirror.sweep();
    await timePasses(mirror, 15 * MINUTES);
    between.requests.length = 0;
    await mirror.sweep();
    const quiet = between.requests.length;
    await unannounced(list.change);
    await comeHourly(mirror);
    refuse(list, status);
    expectGrowingIntervals(await requestsOfTenSweeps({ mirror, between }, list.address), requests, quiet);
    between.alter = null;
    await timePasses(mirror, 60 * MINUTES);
    await mirror.sweep();
    expect([await toldOf(mirror), await differencesIn(mirror, list.table)]).toEqual([null, []]);
  });
});

it.each(Object.entries(lists))(
  'is requested although it failed at a time to come: %s',
  async (_name, list) => {
    await mirror.sweep();
    await unannounced(list.change);
    await comeHourly(mirror);
    refuse(list, 404);
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      await mirror.sweep();
      await timePasses(mirror, 15 * MINUTES);
    }
    // By a clock that was a year ahead, and is right again.
    await failuresAreEarlier(mirror, -365 * 24 * 60 * MINUTES);
    between.alter = null;
    await mirror.sweep();
    expect([await toldOf(mirror), await differencesIn(mirror, list.table)]).toEqual([null, []]);
  },
);

it('a list that fails for good in an import is requested at growing intervals afterwards', async () => {
  const labels = { table: 'labels', address: /\/repositories\/\d+\/labels\?/, change: () => undefined };
  mirror.sandbox.world.silently(() => {
    control.createRepository({ owner: 'acme', name: 'other' });
    control.createLabel({ repo: 'acme/other', name: 'new' });
    control.push({ repo: 'acme/other', commits: 1 });
  });
  refuse(labels, 404);
  await mirror.sweep();
  const told: unknown[] = [];
  const asked: number[] = [];
  for (let sweeps = 0; sweeps < 10; sweeps += 1) {
    between.requests.length = 0;
    await timePasses(mirror, 15 * MINUTES);
    await mirror.sweep();
    asked.push(between.requests.filter((request) => labels.address.test(request)).length);
    told.push(await toldOf(mirror, 'acme/other'));
  }
  expect(told).not.toContain(null);
  expect(asked.reduce((sum, times) => sum + times, 0)).toBeLessThanOrEqual(5);
  between.alter = null;
  await timePasses(mirror, 60 * MINUTES);
  await mirror.sweep();
  expect([await toldOf(mirror, 'acme/other'), await differencesIn(mirror, 'labels')]).toEqual([null, []]);
});
