import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { standBetween } from '../support/between.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, restart } = useMirror();

function headOf(branch: string): string {
  const repository = [...mirror.sandbox.world.state.repositories.values()].find(({ name }) => name === 'app');
  return repository?.refs.get(`refs/heads/${branch}`)?.sha ?? '';
}

/** What can happen to a history, each told by its deliveries in either order, or by none. */
const histories: Record<string, () => unknown> = {
  'old commits pushed late': () =>
    control.push({
      repo,
      commits: [{ author: { date: '2019-01-01T00:00:00Z' } }, { author: { date: '2018-01-01T00:00:00Z' } }],
    }),
  'clocks that run ahead and behind': () =>
    control.push({
      repo,
      commits: ['2099-12-31T23:59:59Z', '1970-01-01T00:00:00Z', '2030-06-01T00:00:00Z'].map((date) => ({
        author: { date },
      })),
    }),
  'a long side branch merged': () => {
    control.createBranch({ repo, branch: 'side' });
    control.push({ repo, branch: 'side', commits: 40 });
    control.push({ repo, commits: 2 });
    control.mergeBranches({ repo, from: ['side'] });
  },
  'several roots and an octopus': () => {
    for (const branch of ['one', 'two', 'three']) control.push({ repo, branch, onto: null, commits: 2 });
    control.mergeBranches({ repo, from: ['one', 'two', 'three'] });
  },
  'a force push forwards': () => control.forcePush({ repo, back: 0, commits: 3 }),
  'a force push backwards': () => control.forcePush({ repo, back: 2 }),
  'a force push that diverges': () => control.forcePush({ repo, back: 1, commits: 4 }),
  'a force push to an unrelated history': () => control.forcePush({ repo, to: null, commits: 3 }),
  'a force push away and back again': () => {
    const before = headOf('main');
    control.forcePush({ repo, back: 2, commits: 1 });
    control.forcePush({ repo, to: before });
  },
  'the default branch renamed': () => {
    control.closeIssue({ repo, number: 3 });
    control.renameBranch({ repo, from: 'main', to: 'trunk' });
  },
  'the default branch switched': () => {
    control.push({ repo, branch: 'feature', commits: 2 });
    control.editRepository({ repo, defaultBranch: 'feature' });
  },
  'the default branch switched, and the former deleted': () => {
    control.push({ repo, branch: 'next', onto: null, commits: 2 });
    control.editRepository({ repo, defaultBranch: 'next' });
    control.deleteBranch({ repo, branch: 'main' });
  },
  'a first push into an empty repository': () => {
    control.createRepository({ owner: 'acme', name: 'new' });
    control.push({ repo: 'acme/new', commits: 2 });
  },
  'an empty repository': () => control.createRepository({ owner: 'acme', name: 'void' }),
  'a branch created, deleted and created again elsewhere': () => {
    control.createBranch({ repo, branch: 'brief' });
    control.deleteBranch({ repo, branch: 'brief' });
    control.push({ repo, branch: 'brief', onto: null, commits: 1 });
  },
  'a branch deleted': () => control.deleteBranch({ repo, branch: 'feature' }),
  'branches with names that need care': () => {
    for (const branch of ['a/b', 'fünf%2F', 'x#y?z', '100%', 'ü'.normalize('NFD')])
      control.createBranch({ repo, branch });
  },
  'several pushes': () => {
    for (let round = 0; round < 3; round += 1) control.push({ repo, commits: 2 });
  },
  'a push larger than its payload': () => control.push({ repo, commits: 2100 }),
  'a fork that shares commits': () => {
    control.install({ account: 'bob' });
    const fork = control.forkRepository({ repo, to: 'bob' });
    control.push({ repo: fork.id, commits: 1 });
    // Told by no event that the App has: how many forks the original has.
    control.deleteRepository({ repo: fork.id });
    control.createRepository({ owner: 'bob', name: 'app' });
  },
  'tags only': () => control.pushTags({ repo, tags: { v1: 'main', v2: 'feature' } }),
  'messages that PostgreSQL cannot hold': () =>
    control.push({
      repo,
      commits: [
        { message: 'a\0b' },
        { message: 'lone \ud800 surrogate' },
        { message: 'x'.repeat(1_000_000) },
        { message: '' },
      ],
    }),
  'authors that are missing, empty or strange': () =>
    control.push({
      repo,
      commits: [
        { author: null },
        { committer: null },
        { author: null, committer: null },
        { author: { name: '', email: '' } },
        { author: { name: 'N\0U', email: 'n\0u@example.com' } },
        { author: { name: 'X', email: 'x@example.com', link: 'empty' } },
      ],
    }),
};

describe.each(deliveryModes)('commits, %s', (way) => {
  it.each(Object.keys(histories))('%s', async (name) => {
    expect(await applyAndCompare(mirror, way, () => histories[name]?.())).toEqual({ before: [], after: [] });
  });
});

it('requests the commits of a push concurrently with its branch, and nothing twice', async () => {
  const between = await standBetween();
  await restart({ between });
  try {
    const isAsked = () => between.requests.some((request) => request.includes('/compare/'));
    between.alter = async ({ request }) => {
      // The branch is not answered before the commits are asked for, within the patience of this test.
      if (request.includes('/branches/')) for (let n = 0; n < 500 && !isAsked(); n += 1) await sleep(10);
    };
    between.requests.length = 0;
    control.push({ repo, commits: 2 });
    control.push({ repo, commits: 1 });
    await control.deliveriesDone({});
    await mirror.sync(1_060_000_001, { scope: 'deliveries', shouldProbe: false });
    const asked = between.requests.map((request) => /branches|compare/.exec(request)?.[0]);
    expect(asked.map(String).toSorted()).toEqual(['branches', 'compare']);
    between.alter = null;
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  } finally {
    await between.close();
  }
});
