import { describe, expect, it } from '@jest/globals';
import { needRepository } from '../../sandbox/world/lookup.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const nothing = { before: [], after: [] };
const gone = 'select number from issues where deleted_at is not null order by 1';
const { mirror, control } = useMirror();

/** What can happen to issues and pull requests, each told by its deliveries in either order, or by none. */
const edits: Record<string, () => unknown> = {
  'an issue opened and closed': () => {
    control.openIssue({ repo });
    control.closeIssue({ repo, number: 4, reason: 'not_planned' });
  },
  'an issue closed as a duplicate': () => control.closeIssue({ repo, number: 1, reason: 'duplicate' }),
  'an issue reopened': () => {
    control.closeIssue({ repo, number: 1 });
    control.reopenIssue({ repo, number: 1 });
  },
  'edits within one second': () => {
    control.clock({ freeze: true });
    for (const title of ['a', 'b', 'c']) control.editIssue({ repo, number: 1, title });
    control.closeIssue({ repo, number: 1 });
    control.reopenIssue({ repo, number: 1 });
    control.clock({ run: true });
  },
  'many issues of one second': () => {
    control.clock({ freeze: true });
    for (let number = 0; number < 15; number += 1) control.openIssue({ repo });
    control.clock({ run: true });
  },
  'labels and assignees put on and taken off': () => {
    control.addLabel({ repo, number: 2, label: 'ü' });
    control.addLabel({ repo, number: 2, label: '🐙' });
    control.removeLabel({ repo, number: 1, label: 'bug' });
    control.unassign({ repo, number: 1, login: 'ann' });
    control.assign({ repo, number: 2, login: 'bob' });
  },
  'an issue locked': () => control.lockIssue({ repo, number: 1, reason: 'spam' }),
  'a converted issue': () => control.convertToDiscussion({ repo, number: 1 }),
  'a body emptied, and a title that PostgreSQL cannot hold': () => {
    control.editIssue({ repo, number: 1, body: '' });
    control.editIssue({ repo, number: 2, title: 'a\0b \udfff', body: '\0' });
  },
  'comments written, edited and deleted': () => {
    const { id } = control.comment({ repo, number: 1 });
    control.comment({ repo, number: 1 });
    control.editComment({ repo, number: 1, id, body: 'else' });
    control.deleteComment({ repo, number: 1, id });
    control.comment({ repo, number: 3 });
  },
  'an issue deleted': () => control.deleteIssue({ repo, number: 1 }),
  'an issue opened and deleted': () => {
    control.openIssue({ repo });
    control.deleteIssue({ repo, number: 4 });
  },
  'an issue deleted, another opened': () => {
    control.deleteIssue({ repo, number: 1 });
    control.openIssue({ repo });
  },
  'a transfer inside the mirror': () => {
    control.createRepository({ owner: 'acme', name: 'docs' });
    control.transferIssue({ repo, number: 1, to: 'acme/docs' });
  },
  'a transfer out of the mirror': () => {
    control.createRepository({ owner: 'ann', name: 'own' });
    control.transferIssue({ repo, number: 2, to: 'ann/own' });
  },
  'a transfer there and back': () => {
    control.createRepository({ owner: 'acme', name: 'docs' });
    const there = control.transferIssue({ repo, number: 1, to: 'acme/docs' });
    control.transferIssue({ repo: 'acme/docs', number: there.number, to: repo });
  },
  'a pull request through its life': () => {
    control.openPull({ repo, head: 'work', draft: true, labels: ['bug'], assignees: ['bob'] });
    control.setDraft({ repo, number: 4, draft: false });
    control.createBranch({ repo, branch: 'release' });
    control.changeBase({ repo, number: 4, base: 'release' });
    control.synchronizePull({ repo, number: 4, commits: 2 });
    control.review({ repo, number: 4 });
    control.mergePull({ repo, number: 4 });
  },
  'a squash merge': () => control.mergePull({ repo, number: 3, method: 'squash' }),
  'a rebase merge': () => control.mergePull({ repo, number: 3, method: 'rebase' }),
  'a pull request closed, its branch deleted': () => {
    control.closeIssue({ repo, number: 3 });
    control.deleteBranch({ repo, branch: 'feature' });
  },
};

describe.each(deliveryModes)('issues and pull requests, %s', (way) => {
  it.each(Object.keys(edits))('%s', async (name) => {
    expect(await applyAndCompare(mirror, way, () => edits[name]?.())).toEqual(nothing);
  });
});

describe('issues and pull requests', () => {
  it('keep the head of a pull request when its fork is deleted', async () => {
    const fork = control.forkRepository({ repo, to: 'bob' });
    control.push({ repo: fork.id, branch: 'idea' });
    control.openPull({ repo, head: 'idea', from: fork.id, by: 'bob' });
    await mirror.work();
    control.deleteRepository({ repo: fork.id });
    expect(
      await applyAndCompare(mirror, 'delivered', () =>
        control.editIssue({ repo, number: 4, title: 'still' }),
      ),
    ).toEqual(nothing);
    expect(await mirror.rows(`select head_ref from pull_requests where number = 4`)).toEqual([
      { head_ref: 'idea' },
    ]);
  });

  it('do not change by an edit that arrives days later', async () => {
    control.addDeliveryFault({ kind: 'hold', events: ['issues'], times: 1 });
    control.editIssue({ repo, number: 1, title: 'former' });
    control.clock({ advance: 10 });
    control.editIssue({ repo, number: 1, title: 'latter' });
    await mirror.work();
    control.releaseDeliveries({});
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows('select title from issues where number = 1')).toEqual([{ title: 'latter' }]);
  });

  it('are not revived by late deliveries once deleted', async () => {
    control.addDeliveryFault({ kind: 'hold', events: ['issues.edited', 'issues.opened', 'issue_comment'] });
    control.openIssue({ repo });
    control.comment({ repo, number: 4 });
    control.editIssue({ repo, number: 1, title: 'new' });
    control.deleteIssue({ repo, number: 4 });
    control.deleteIssue({ repo, number: 1 });
    await mirror.work();
    control.clearFaults({});
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(
      await mirror.rows('select number, deleted_reason from issues where deleted_at is not null order by 1'),
    ).toEqual([
      { number: 1, deleted_reason: 'deleted' },
      { number: 4, deleted_reason: 'deleted' },
    ]);
  });

  it('are not created by deliveries that arrive after their deletion', async () => {
    control.addDeliveryFault({ kind: 'hold', events: ['issues.opened'] });
    control.addDeliveryFault({ kind: 'lose', events: ['issues.deleted'] });
    control.openIssue({ repo });
    control.deleteIssue({ repo, number: 4 });
    control.clearFaults({});
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('record why an issue is gone', async () => {
    control.createRepository({ owner: 'ann', name: 'own' });
    control.resetStats({});
    await applyAndCompare(mirror, 'lost', () => {
      control.transferIssue({ repo, number: 1, to: 'ann/own' });
      control.deleteIssue({ repo, number: 2 });
    });
    // Where the one leads is nobody's business here.
    const asked = control.requests(200).filter(({ path }) => /\/issues\/\d/.test(path));
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([301, 410]));
    expect(asked).toHaveLength(2);
    expect(
      await mirror.rows('select number, deleted_reason from issues where deleted_at is not null order by 1'),
    ).toEqual([
      { number: 1, deleted_reason: 'transferred' },
      { number: 2, deleted_reason: 'deleted' },
    ]);
  });

  it('show a renamed or deleted label as soon as it is delivered', async () => {
    const found = await applyAndCompare(mirror, 'delivered', () => {
      control.editLabel({ repo, name: 'bug', to: 'defect' });
      control.deleteLabel({ repo, name: 'wontfix' });
    });
    expect(found).toEqual(nothing);
  });

  it('are all read if many have a label, never since 1970', async () => {
    for (let issue = 0; issue < 12; issue += 1) control.openIssue({ repo, labels: ['bug'] });
    await mirror.work();
    control.editLabel({ repo, name: 'bug', to: 'defect' });
    await mirror.work();
    expect(await mirror.rows(`select count(*) as n from issues where 'defect' = any(labels)`)).toEqual([
      { n: 14 },
    ]);
    expect(
      control
        .requests(1000)
        .map(({ path }) => path)
        .filter((path) => /[?&]since=(19|200)/.test(path)),
    ).toEqual([]);
  });

  it('show a renamed label after verification if its delivery is lost', async () => {
    await applyAndCompare(mirror, 'lost', () => control.editLabel({ repo, name: 'bug', to: 'defect' }));
    // Three that bear it, and the label.
    expect(await mirror.verify()).toBe(4);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('have the ghost as author if the account was deleted', async () => {
    control.deleteAccount({ login: 'bob' });
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows(`select author_login, author_id from issues where number = 1`)).toEqual([
      { author_login: 'ghost', author_id: null },
    ]);
  });

  it('stay as they were while switched off, and are compared once switched on again', async () => {
    control.editRepository({ repo, hasIssues: false });
    await mirror.sweep();
    expect(await mirror.rows('select count(*)::int as n from issues where deleted_at is null')).toEqual([
      { n: 2 },
    ]);
    expect(await mirror.verify()).toBe(0);
    expect(await mirror.rows('select count(*)::int as n from issues where deleted_at is null')).toEqual([
      { n: 2 },
    ]);
    expect(
      await applyAndCompare(mirror, 'lost', () => {
        control.editRepository({ repo, hasIssues: true });
        control.deleteIssue({ repo, number: 1 });
        control.openIssue({ repo });
      }),
    ).toEqual(nothing);
  });

  it('are complete although a list shifts while it is read', async () => {
    control.growIssues({ repo, count: 550 });
    // The pages take their time; meanwhile issues of the first ones are deleted, and others opened.
    control.addFault({ action: { kind: 'latency', ms: 40 }, match: '/issues' });
    let number = 4;
    const shifting = setInterval(() => {
      if (number > 9) return;
      control.deleteIssue({ repo, number: (number += 1) });
      if (number % 2 === 0) control.openIssue({ repo });
    }, 15);
    try {
      await applyAndCompare(mirror, 'lost', () => undefined);
    } finally {
      clearInterval(shifting);
    }
    expect(number).toBe(10);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are all read from lists that have only cursors', async () => {
    control.createRepository({ owner: 'acme', name: 'large' });
    control.limitLists({ pages: 10 });
    control.growIssues({ repo: 'acme/large', count: 1050 });
    await mirror.sweep();
    const count = 'select count(*)::int as n from issues where deleted_at is null';
    expect(await mirror.rows(count)).toEqual([{ n: 1052 }]);
    control.deleteIssue({ repo: 'acme/large', number: 500 });
    await mirror.work();
    expect(await mirror.rows(count)).toEqual([{ n: 1051 }]);

    // Three that are gone and one that was lost here are found without reading the list of eleven pages.
    control.addDeliveryFault({ kind: 'lose' });
    for (const number of [601, 700, 900]) control.deleteIssue({ repo: 'acme/large', number });
    await mirror.rows(`delete from issues where number = 800`);
    control.resetStats({});
    await mirror.sweep({ log: false });
    expect(await mirror.rows(gone)).toEqual([500, 601, 700, 900].map((number) => ({ number })));
    expect(await mirror.rows(count)).toEqual([{ n: 1048 }]);
    const asked = control.requests(200).map(({ path }) => path);
    expect(asked.filter((path) => /\/issues\?(?!.*since=)/.test(path))).toEqual([]);
    // The question of every sweep, the counts of 99 ranges of time, the numbers in those that differ with the tags.
    expect(asked.filter((path) => /graphql/.test(path)).length).toBeLessThanOrEqual(5);
    expect(asked.filter((path) => /\/issues\/\d/.test(path))).toHaveLength(4);
  });

  it('finds which of many issues updated in the same second are gone by listing them from both ends', async () => {
    control.createRepository({ owner: 'acme', name: 'moved' });
    control.growIssues({ repo: 'acme/moved', count: 2000 });
    const { world } = mirror.sandbox;
    for (const issue of needRepository(world, 'acme/moved').issues.values())
      if (issue.state === 'closed') issue.updatedAt = world.clock.now();
    await mirror.sweep();
    control.addDeliveryFault({ kind: 'lose' });
    for (const number of [150, 951, 1700]) control.deleteIssue({ repo: 'acme/moved', number });
    control.resetStats({});
    await mirror.sweep({ log: false });
    expect(await mirror.rows(gone)).toEqual([150, 951, 1700].map((number) => ({ number })));
    const asked = control.requests(200).map(({ path }) => path);
    expect(asked.filter((path) => /\/issues\?(?!.*since=)/.test(path))).toEqual([]);
    // The question of every sweep, the counts by author and state, and the numbers, 200 of each at a time.
    expect(asked.filter((path) => /graphql/.test(path)).length).toBeLessThanOrEqual(4);
  });
});
