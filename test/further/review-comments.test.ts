import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { questionsDuring } from '../support/between.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { anHourPasses, toldOf } from './told.ts';

const repo = 'acme/app';
const nothing = { before: [], after: [] };
const skipped = new Set<string>();
const { mirror, control, between, unannounced } = useMirrorBetween({
  imported: false,
  skippedKinds: skipped,
});

beforeAll(async () => {
  mirror.sandbox.world.silently(() => {
    const { comment } = control.reviewComment({ repo, number: 3, body: 'Why?', by: 'ann' });
    control.reviewComment({ repo, number: 3, body: 'Because', by: 'bob', inReplyTo: comment.id });
    control.reviewComment({ repo, number: 3, body: 'And here?', line: null, by: 'ann' });
  });
  await mirror.sweep({ log: false });
});
afterEach(() => {
  between.alter = null;
  control.clearFaults({});
});

async function live(): Promise<string[]> {
  const rows = await mirror.rows<{ body: string }>(
    `select body from pull_request_review_comments where deleted_at is null order by id`,
  );
  return rows.map(({ body }) => body);
}

/** What is asked about comments on lines, and how often their number. */
async function asked(act: () => Promise<unknown>): Promise<string[]> {
  const questions = await questionsDuring(between, act);
  return questions.filter((one) => /pulls\/.*comments|CommentCounts/.test(one));
}

/** A team keeps reviewing. */
function goOn(): void {
  control.review({ repo, number: 3, state: 'approved', body: 'Unseen', by: 'acme' });
  const { comment } = control.reviewComment({ repo, number: 3, body: 'Unseen', by: 'bob' });
  control.reviewComment({ repo, number: 3, body: 'Unseen too', by: 'bob' });
  control.deleteReviewComment({ repo, number: 3, id: comment.id });
  control.resolveThread({ repo, number: 3, by: 'ann' });
}

it('imports comments, replies, and comments on whole files', async () => {
  expect(await live()).toEqual(['Why?', 'Because', 'And here?']);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe.each(deliveryModes)('comments on lines %s', (way) => {
  it('are written, edited and deleted, beginning with a pull request that is new', async () => {
    const happened = await applyAndCompare(mirror, way, () => {
      const { number } = control.openPull({ repo, head: `head-${deliveryModes.indexOf(way)}`, title: way });
      const { comment } = control.reviewComment({ repo, number, body: `First ${way}`, by: 'ann' });
      control.reviewComment({ repo, number, body: 'Reply', by: 'bob', inReplyTo: comment.id });
      control.editReviewComment({ repo, number, id: comment.id, body: `Edited ${way}` });
      control.reviewComment({ repo, number, body: `Slip ${way}`, by: 'bob' });
      control.deleteReviewComment({ repo, number });
      control.startReview({ repo, number, by: 'ann' });
      control.reviewComment({ repo, number, body: `In a review ${way}`, pending: true, by: 'ann' });
      control.submitReview({ repo, number, state: 'commented', by: 'ann' });
    });
    expect(happened).toEqual(nothing);
    expect(await live()).toEqual(expect.arrayContaining([`Edited ${way}`, `In a review ${way}`]));
    expect(await live()).not.toContain(`Slip ${way}`);
  });

  it('stay one thread when its first comment is deleted', async () => {
    const { number } = control.openPull({ repo, head: `first-${deliveryModes.indexOf(way)}`, title: way });
    const { comment } = control.reviewComment({ repo, number, body: 'Going', by: 'ann' });
    control.reviewComment({ repo, number, body: 'Staying', by: 'bob', inReplyTo: comment.id });
    await mirror.work();
    const happened = await applyAndCompare(mirror, way, () => {
      control.deleteReviewComment({ repo, number, id: comment.id });
      control.editIssue({ repo, number, title: `Shows that something changed ${way}` });
    });
    expect(happened).toEqual(nothing);
  });
});

it('marks unannounced deletions if anything else of the pull request changed', async () => {
  await unannounced(() => {
    control.deleteReviewComment({ repo, number: 3 });
    control.editIssue({ repo, number: 3, title: 'Changed beside it' });
  });
  await mirror.sweep();
  expect(await live()).not.toContain('And here?');
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('reports an unreadable one, whatever is compared meanwhile, and reads it again after an hour', async () => {
  await unannounced(() => control.reviewComment({ repo, number: 3, body: 'Unread', by: 'ann' }));
  between.alter = (answer) => {
    if (!answer.request.includes('/pulls/comments') || !answer.body.startsWith('[')) return;
    const elements: Record<string, unknown>[] = JSON.parse(answer.body);
    answer.body = JSON.stringify(
      elements.map((one) => (one['body'] === 'Unread' ? { ...one, id: 'x' } : one)),
    );
  };
  await mirror.verify();
  // As if all of it were long past: what is new is not read together with it.
  await mirror.rows(`update repository_sync set high_water_marks =
    jsonb_set(high_water_marks, '{pull_request_review_comments}', '"2100-01-01T00:00:00Z"')`);
  await unannounced(() => control.push({ repo, commits: 1 }));
  await mirror.sweep();
  expect(await toldOf(mirror)).toBe('GITHUB_BAD_ANSWER');
  between.alter = null;
  await anHourPasses(mirror);
  await mirror.sweep();
  expect([await toldOf(mirror), await differencesFromGitHub(mirror)]).toEqual([null, []]);
});

it('leaves unchanged repositories alone, and sends one request and one query for a changed one', async () => {
  await mirror.sweep();
  await mirror.rows(
    `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
  );
  expect(await asked(() => mirror.sweep())).toEqual([]);
  // GitHub's clocks have seconds: within the one that was looked at it would not show.
  await sleep(1100);
  await unannounced(() => control.reviewComment({ repo, number: 3, body: 'More', by: 'bob' }));
  expect(await asked(() => mirror.sweep())).toEqual(['/pulls/comments', 'CommentCounts']);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('revives no deleted comment because of a late payload, announced or not', async () => {
  const { comment } = control.reviewComment({ repo, number: 3, body: 'Short-lived', by: 'bob' });
  await mirror.work();
  await unannounced(() => {
    control.deleteReviewComment({ repo, number: 3, id: comment.id });
    control.editIssue({ repo, number: 3, title: 'Changed beside it' });
  });
  await mirror.sweep();
  expect(await live()).not.toContain('Short-lived');
  await mirror.rows(`update webhook_deliveries set status = 'pending', processed_at = null
    where event = 'pull_request_review_comment' and payload #>> '{comment,body}' = 'Short-lived'`);
  await mirror.work();
  expect(await live()).not.toContain('Short-lived');
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe('a kind that is off', () => {
  const kinds = ['pull_request_reviews', 'pull_request_review_threads', 'pull_request_review_comments'];

  async function stored(): Promise<unknown[]> {
    const tables = kinds.map((kind) => mirror.rows(`select * from ${kind} order by id`));
    return Promise.all(tables);
  }

  /** Delivered or not, it stays as it was; on again, all of it is read. */
  async function staysUntil(isOn: () => unknown): Promise<void> {
    const before = await stored();
    goOn();
    await mirror.work();
    await unannounced(goOn);
    await mirror.sweep();
    expect(await stored()).toEqual(before);
    isOn();
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  }

  it('stays as it was if it is skipped, and everything else is right', async () => {
    for (const kind of kinds) skipped.add(kind);
    await staysUntil(() => skipped.clear());
  });

  it('is no longer referred to once GitHub deletes its row', async () => {
    control.createMilestone({ repo, title: 'Skipped' });
    const repositories = [...mirror.sandbox.world.state.repositories.values()];
    const milestones = repositories.flatMap((one) => [...one.milestones.values()]);
    const milestone = milestones.find(({ title }) => title === 'Skipped')?.number ?? 0;
    const { number } = control.openIssue({ repo, title: 'Names it' });
    control.setMilestone({ repo, number, milestone });
    await mirror.work();
    skipped.add('milestones');
    control.deleteMilestone({ repo, number: milestone });
    await mirror.work();
    expect(await mirror.rows(`select milestone_id from issues where title = 'Names it'`)).toEqual([
      { milestone_id: null },
    ]);
    expect(
      await mirror.rows(`select title from milestones where title = 'Skipped' and deleted_at is null`),
    ).toHaveLength(1);
    skipped.clear();
    await comeHourly(mirror);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('stays as it was if its permission is missing', async () => {
    const { permissions: all } = mirror.sandbox.world.state.installations.get(mirror.installationId) ?? {};
    const { pull_requests: _without, ...less } = all ?? {};
    control.changePermissions({ id: mirror.installationId, permissions: less });
    await mirror.work();
    await staysUntil(() => control.changePermissions({ id: mirror.installationId, permissions: { ...all } }));
  });
});

it('continues a long list from the last change if GitHub stops paging or gives up', async () => {
  mirror.sandbox.world.silently(() => {
    for (let n = 0; n < 60; n += 1) {
      const body = n === 7 ? 'x'.repeat(65_536) : `Comment ${n}`;
      control.reviewComment({ repo, number: 3, body, by: 'ann' });
    }
  });
  // A page of a hundred is a 502; page numbers beyond the first are a 422.
  control.addFault({ action: { kind: 'page-too-large', above: 25 }, match: '/pulls/comments' });
  control.addFault({ action: { kind: 'status', status: 422 }, match: '/pulls/comments\\?.*[?&]page=[3-9]' });
  await mirror.rows(
    `update repository_sync set imported = imported - 'pull_request_review_comments', high_water_marks = '{}'`,
  );
  await mirror.sweep();
  control.clearFaults({});
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('reads a review with more than a page of comments, all changed in the second of its submission', async () => {
  // What changed before is read already, and nothing else since.
  const since = new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString();
  await sleep(3100);
  mirror.sandbox.world.silently(() => {
    control.startReview({ repo, number: 3, by: 'ann' });
    for (let n = 0; n < 130; n += 1)
      control.reviewComment({ repo, number: 3, body: `Remark ${n}`, by: 'ann', pending: true });
    control.submitReview({ repo, number: 3, state: 'commented', by: 'ann' });
  });
  await mirror.rows(`update repository_sync
    set high_water_marks = high_water_marks || '{"pull_request_review_comments": "${since}"}'`);
  const questions = await asked(() => mirror.sweep());
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(questions.filter((one) => one === '/pulls/comments')).toHaveLength(2);
});

it('repairs any damaged column, missing and superfluous rows in a verification', async () => {
  await mirror.verify();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  const damages = [
    'number = 2',
    'pull_request_id = 1',
    'review_id = 1',
    'thread_id = 1',
    'in_reply_to_id = 1',
  ]
    .concat([`path = 'x'`, `original_commit_sha = 'x'`, 'original_line = 77', `body = 'x'`])
    .concat([`author_login = 'x', author_id = null`, `author_association = 'X'`, 'created_at = now()'])
    .concat([`updated_at = now() + interval '1 day'`, 'deleted_at = now()']);
  for (const [at, damage] of damages.entries()) {
    await mirror.rows(`update pull_request_review_comments set ${damage} where id =
      (select id from pull_request_review_comments where deleted_at is null order by id desc offset ${at} limit 1)`);
  }
  await mirror.rows(`delete from pull_request_review_comments where body = 'Why?'`);
  await mirror.rows(`insert into pull_request_review_comments
    (id, repository_id, pull_request_id, number, thread_id, path, created_at, updated_at)
    select 7, repository_id, id, number, 7, 'a', now(), now() from pull_requests where number = 3`);
  expect(await mirror.verify()).toBe(damages.length + 2);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(await mirror.verify()).toBe(0);
});
