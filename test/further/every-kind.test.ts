import { beforeEach, expect, it } from '@jest/globals';
import { entities } from '../../src/entities/index.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirrorBetween();

type Change = 'created' | 'changed' | 'deleted';

interface Story {
  /** what must be in the rows before */
  before?: () => unknown;
  happens: () => unknown;
  /** what GitHub can do to none of this kind */
  never?: readonly Change[];
}

let way = '';
let issue = 0;
let going = 0;
let pull = 0;
/** comments on lines of `pull`, each of a conversation of its own */
let lines: number[] = [];

const named = (name: string) => `${name}-${way.replace(' ', '-')}`;
const issueNamed = (name: string) => control.openIssue({ repo, title: named(name), by: 'ann' }).number;
const milestone = (title: string) => {
  const all = [...mirror.sandbox.world.state.repositories.values()].flatMap((one) => [
    ...one.milestones.values(),
  ]);
  return { repo, number: all.find((one) => one.title === named(title))?.number ?? 0 };
};
const lineComment = (body: string) =>
  control.reviewComment({ repo, number: pull, body, by: 'ann' }).comment.id;

/** What happens to each kind; a kind without a story fails. Those of a story that need others come behind them. */
const stories: Record<string, Story> = {
  branches: {
    before: () => {
      for (const branch of ['moved', 'gone']) control.createBranch({ repo, branch: named(branch) });
    },
    happens: () => {
      control.createBranch({ repo, branch: named('new') });
      control.push({ repo, branch: named('moved'), commits: 1 });
      control.deleteBranch({ repo, branch: named('gone') });
    },
  },
  issues: {
    before: () => {
      issue = issueNamed('kept');
      going = issueNamed('going');
    },
    happens: () => {
      control.editIssue({ repo, number: issue, title: named('edited') });
      control.deleteIssue({ repo, number: issueNamed('brief') });
      control.deleteIssue({ repo, number: going });
      issueNamed('new');
    },
  },
  pull_requests: {
    before: () => (pull = control.openPull({ repo, head: named('pull-kept'), title: named('kept') }).number),
    happens: () => {
      control.openPull({ repo, head: named('pull-new'), title: named('new') });
      control.setDraft({ repo, number: pull, draft: true });
    },
    never: ['deleted'],
  },
  labels: {
    before: () => {
      for (const name of ['changed', 'gone']) control.createLabel({ repo, name: named(name) });
    },
    happens: () => {
      control.createLabel({ repo, name: named('new') });
      control.editLabel({ repo, name: named('changed'), color: 'c0ffee' });
      control.deleteLabel({ repo, name: named('gone') });
    },
  },
  milestones: {
    before: () => {
      for (const title of ['changed', 'gone']) control.createMilestone({ repo, title: named(title) });
    },
    happens: () => {
      control.createMilestone({ repo, title: named('new') });
      control.editMilestone({ ...milestone('changed'), state: 'closed' });
      control.deleteMilestone(milestone('gone'));
    },
  },
  releases: {
    before: () => {
      for (const tag of ['changed', 'gone', 'assets']) control.createRelease({ repo, tag: named(tag) });
    },
    happens: () => {
      control.createRelease({ repo, tag: named('new') });
      control.editRelease({ repo, tag: named('changed'), name: 'Another' });
      control.deleteRelease({ repo, tag: named('gone') });
    },
  },
  release_assets: {
    before: () => {
      control.uploadAsset({ repo, tag: named('assets'), name: 'gone.zip' });
      control.editRelease({ repo, tag: named('assets'), body: 'with one' });
    },
    // No event tells of assets but by their release.
    happens: () => {
      control.deleteAsset({ repo, tag: named('assets'), name: 'gone.zip' });
      control.uploadAsset({ repo, tag: named('assets'), name: 'new.zip' });
      control.editRelease({ repo, tag: named('assets'), body: 'with another' });
    },
    never: ['changed'],
  },
  tags: {
    before: () =>
      control.pushTags({ repo, tags: { [named('tag-moved')]: 'main', [named('tag-gone')]: 'main' } }),
    happens: () => {
      control.push({ repo, commits: 1 });
      control.pushTags({ repo, tags: { [named('tag-moved')]: 'main', [named('tag-gone')]: null } });
      control.pushTags({ repo, tags: { [named('tag-new')]: 'main' }, message: 'Annotated' });
    },
  },
  issue_comments: {
    before: () => {
      for (const body of ['first', 'second']) control.comment({ repo, number: issue, body, by: 'ann' });
    },
    happens: () => {
      control.deleteComment({ repo, number: issue });
      control.editComment({ repo, number: issue, body: named('edited') });
      control.comment({ repo, number: issue, body: named('new'), by: 'bob' });
    },
  },
  pull_request_reviews: {
    before: () => control.review({ repo, number: pull, state: 'changes_requested', body: 'No', by: 'ann' }),
    happens: () => {
      control.dismissReview({ repo, number: pull });
      control.review({ repo, number: pull, state: 'approved', by: 'acme' });
    },
    never: ['deleted'],
  },
  pull_request_review_threads: {
    before: () => (lines = ['resolved', 'gone', 'edited'].map(lineComment)),
    happens: () => {
      control.resolveThread({ repo, number: pull, by: 'bob' });
      control.deleteReviewComment({ repo, number: pull, id: lines[1] ?? 0 });
    },
  },
  pull_request_review_comments: {
    happens: () => {
      control.editReviewComment({ repo, number: pull, id: lines[0] ?? 0, body: named('edited') });
      lineComment('new');
    },
  },
};

interface Known {
  key: string;
  row: string;
  live: boolean;
}

/** Every row of a kind, by its key. */
async function rowsOf(name: string): Promise<Map<string, Known>> {
  const key = entities.find((one) => one.name === name)?.key.join(`, '/', `) ?? '';
  const rows = await mirror.rows<Known>(
    `select concat(${key}) as key, t::text as row, deleted_at is null as live from ${name} t`,
  );
  return new Map(rows.map((row) => [row.key, row]));
}

function changesOf(before: ReadonlyMap<string, Known>, after: ReadonlyMap<string, Known>): Set<Change> {
  const changes = new Set<Change>();
  for (const { key, row, live } of after.values()) {
    const old = before.get(key);
    if (old === undefined) changes.add('created');
    else if (old.live && !live) changes.add('deleted');
    else if (old.row !== row) changes.add('changed');
  }
  return changes;
}

beforeEach(() => {
  control.unknowns({ resolvingMovesClock: false });
});

it.each(deliveryModes)('keeps every described kind equal to GitHub, %s', async (mode) => {
  expect(Object.keys(stories).sort()).toEqual(entities.map(({ name }) => name).sort());
  way = mode;
  for (const { before } of Object.values(stories)) before?.();
  await mirror.work();
  await mirror.verify();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  const before = new Map<string, Map<string, Known>>();
  for (const name of Object.keys(stories)) before.set(name, await rowsOf(name));

  const happened = await applyAndCompare(mirror, mode, () => {
    for (const { happens } of Object.values(stories)) happens();
  });
  expect(happened.before).toEqual([]);
  // What moves neither a clock nor a count is found where all is compared.
  if (mode === 'lost') await mirror.verify();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  for (const [name, { never = [] }] of Object.entries(stories)) {
    const changes = changesOf(before.get(name) ?? new Map(), await rowsOf(name));
    const expected = (['created', 'changed', 'deleted'] as const).filter((one) => !never.includes(one));
    expect({ name, changes: [...changes].sort() }).toEqual({
      name,
      changes: expect.arrayContaining(expected),
    });
  }
});
