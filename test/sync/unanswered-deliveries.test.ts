import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { readInbox } from '../support/read-inbox.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
const byDelivery = { scope: 'deliveries', shouldProbe: false } as const;
const { mirror, control } = useMirror();

const inbox = () => readInbox(mirror);
const waiting = { event: 'issue_comment', status: 'pending', error: 'GITHUB_UNAVAILABLE' };

describe('an object that GitHub cannot answer', () => {
  beforeEach(async () => {
    control.addFault({ action: { kind: 'status', status: 500 }, match: '/issues/1$' });
    control.comment({ repo, number: 1 });
    await control.deliveriesDone({});
  });

  it('delays no other delivery', async () => {
    control.comment({ repo, number: 2 });
    await control.deliveriesDone({});
    control.push({ repo, commits: 2 });
    await control.deliveriesDone({});
    expect(await mirror.sync(app, byDelivery)).toMatchObject({
      state: 'done',
      error: { code: 'GITHUB_UNAVAILABLE' },
    });
    expect(await inbox()).toEqual([
      { ...waiting, attempts: 1 },
      { event: 'issue_comment', status: 'processed', attempts: 1, error: null },
      { event: 'push', status: 'processed', attempts: 1, error: null },
    ]);
    expect((await differencesFromGitHub(mirror)).filter((line) => !line.includes('pending'))).toEqual([]);
  });

  it('does not delay the comparison', async () => {
    await mirror.sync(app, byDelivery);
    control.addDeliveryFault({ kind: 'lose' });
    control.push({ repo, commits: 2 });
    control.editIssue({ repo, number: 2, title: 'unseen' });
    control.openIssue({ repo });
    await mirror.rows('update webhook_deliveries set retry_at = now()');
    expect(await mirror.sync(app)).toEqual({ state: 'done', error: null });
    expect(await inbox()).toEqual([{ ...waiting, attempts: 2 }]);
    expect(await mirror.rows('select sync_status from repositories')).toEqual([{ sync_status: 'fresh' }]);
    expect((await differencesFromGitHub(mirror)).filter((line) => !line.includes('pending'))).toEqual([]);
  });

  it('ends as failed after an hour of attempts, and its repository is compared', async () => {
    await mirror.rows(`update webhook_deliveries set received_at = now() - interval '61 minutes'`);
    for (let tries = 1; tries <= 5; tries += 1) {
      await mirror.sync(app, byDelivery);
      expect(await inbox()).toEqual([{ ...waiting, attempts: tries }]);
      await mirror.rows('update webhook_deliveries set retry_at = now()');
    }
    control.addDeliveryFault({ kind: 'lose' });
    control.push({ repo, commits: 2 });
    await mirror.sync(app, byDelivery);
    expect(await inbox()).toEqual([{ ...waiting, status: 'failed', attempts: 6 }]);
    expect((await differencesFromGitHub(mirror)).filter((line) => !line.includes('failed'))).toEqual([]);
  });
});

it('counts no attempt while GitHub does not answer at all', async () => {
  control.comment({ repo, number: 1 });
  await control.deliveriesDone({});
  control.addFault({ action: { kind: 'status', status: 503 } });
  await expect(mirror.sync(app, byDelivery)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
  expect(await mirror.rows('select failures, retry_at from webhook_deliveries')).toEqual([
    { failures: 0, retry_at: null },
  ]);
});

it('ignores a delivery about a repository without access at once, with the reason', async () => {
  const repository = { id: 17_273_051, full_name: 'octo-org/octo-repo' };
  for (const action of ['created', 'publicized', 'privatized', 'deleted']) {
    control.sendDelivery({ event: 'repository', payload: { action, repository } });
  }
  const issue = { id: 1, number: 1 };
  control.sendDelivery({ event: 'issues', payload: { action: 'transferred', issue, repository } });
  control.sendDelivery({ event: 'issues', payload: { action: 'opened', issue, repository: { id: 5 } } });
  await mirror.work();
  const found = await mirror.rows<{ event: string; status: string; attempts: number; error: string }>(
    'select distinct status, attempts, error from webhook_deliveries order by error',
  );
  expect(found).toEqual([
    { status: 'ignored', attempts: 1, error: 'no installation of this App holds repository 17273051' },
    { status: 'ignored', attempts: 1, error: 'no installation of this App holds repository 5' },
  ]);
});

it('postpones only the delivery that makes the transaction of all payloads fail', async () => {
  await mirror.rows(`create function refuse() returns trigger language plpgsql as $$
    begin raise exception 'no such row'; end $$`);
  await mirror.rows(`create trigger refuse before update on issues for each row
    when (new.title = 'odd') execute function refuse()`);
  control.editIssue({ repo, number: 2, title: 'odd' });
  control.editIssue({ repo, number: 1, title: 'beside it' });
  control.push({ repo, commits: 1 });
  await control.deliveriesDone({});
  await mirror.sync(app, byDelivery);
  const found = await mirror.rows(`select event, status, error from webhook_deliveries
    order by status, event, received_at`);
  expect(found).toEqual([
    { event: 'issues', status: 'pending', error: expect.stringMatching(/^UNKNOWN: /) },
    { event: 'issues', status: 'processed', error: null },
    { event: 'push', status: 'processed', error: null },
  ]);
  await mirror.rows('drop trigger refuse on issues');
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('marks a deleted comment although its count lags', async () => {
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  control.comment({ repo, number: 1 });
  control.comment({ repo, number: 1 });
  await mirror.work();
  control.faultSettings({ commentLagSeconds: 2 });
  control.deleteComment({ repo, number: 1 });
  await mirror.work();
  expect(await mirror.rows('select comments_count from issues where number = 1')).toEqual([
    { comments_count: 1 },
  ]);
});

it('lets a burst of deleted comments wait only for its count', async () => {
  const looked = new Set<PropertyKey>();
  mirror.deps.consistencyDelaysMs = new Proxy(CONSISTENCY_DELAYS_MS, {
    get: (delays, at) => (looked.add(at), Reflect.get(delays, at)),
  });
  for (let written = 0; written < 22; written += 1) control.comment({ repo, number: 1 });
  await mirror.work();
  control.faultSettings({ commentLagSeconds: 2 });
  const deletions = (async () => {
    for (let deleted = 0; deleted < 20; deleted += 1) {
      control.deleteComment({ repo, number: 1 });
      await sleep(150);
    }
  })();
  const since = Date.now();
  while (Date.now() - since < 3300) await mirror.work();
  await deletions;
  await mirror.work();
  expect(await mirror.rows('select comments_count from issues where number = 1')).toEqual([
    { comments_count: 2 },
  ]);
  // GitHub shows it after 2 s, within the first three delays. By patience all five would pass.
  expect([looked.has('0'), looked.has('4')]).toEqual([true, false]);
});

it('asks GitHub after a delivery of an issue marked as deleted, which may be back', async () => {
  control.closeIssue({ repo, number: 2 });
  await mirror.work();
  const mark = `update issues set deleted_at = now(), deleted_reason = 'deleted' where number in (1, 2)`;
  await mirror.rows(mark);
  await mirror.rows('update pull_requests set deleted_at = now()');
  control.editIssue({ repo, number: 1, title: 'back' });
  control.editIssue({ repo, number: 3, title: 'back too' });
  await mirror.work();
  expect(
    await mirror.rows(
      `select title from issues where number = 1 and deleted_at is null
       union all select title from pull_requests where deleted_at is null`,
    ),
  ).toEqual([{ title: 'back' }, { title: 'back too' }]);
});

it('does not mark an issue that is back because of a late deletion', async () => {
  const [row] = await mirror.rows<{ id: number }>('select id from issues where number = 1');
  const issue = (updated_at: string) => ({
    id: row?.id,
    number: 1,
    title: 'It leaks',
    created_at: '2020-01-01T00:00:00Z',
    updated_at,
  });
  const repository = { id: app };
  const installation = { id: mirror.installationId };
  control.sendDelivery({
    event: 'issues',
    payload: { action: 'deleted', issue: issue('2020-01-01T00:00:00Z'), repository, installation },
  });
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('asks GitHub for the subject of a delivery with an odd field', async () => {
  const installation = { id: mirror.installationId };
  control.addDeliveryFault({ kind: 'lose' });
  control.editIssue({ repo, number: 1, title: 'asked for' });
  control.editIssue({ repo, number: 3, title: 'asked for too' });
  control.clearFaults({});
  for (const [event, subject] of [
    ['issues', { issue: { id: 1, number: 1, labels: null } }],
    ['pull_request', { pull_request: { id: 1, number: 3, head: null } }],
  ] as const) {
    const payload = { action: 'edited', ...subject, repository: { id: app }, installation };
    control.sendDelivery({ event, payload });
  }
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe('labels', () => {
  it('are requested by themselves when recoloured, without the issues that have them', async () => {
    control.resetStats({});
    control.editLabel({ repo, name: 'bug', color: '00ff00' });
    control.createLabel({ repo, name: 'new' });
    await mirror.work();
    // A label has no clock: one question for each of the two.
    expect(control.stats().requests).toBe(2);
    expect((await inbox()).map(({ status }) => status)).toEqual(['processed', 'processed']);
  });

  it('are read over several rounds if many rows have them, each resuming where the last one ended', async () => {
    control.growIssues({ repo, count: 320 });
    await mirror.sweep();
    // Enough of them to be read as a list.
    for (let number = 5; number < 20; number += 1) control.addLabel({ repo, number, label: 'bug' });
    await mirror.work();
    control.editLabel({ repo, name: 'bug', to: 'defect' });
    await control.deliveriesDone({});
    let rounds = 1;
    control.resetStats({});
    while ((await mirror.sync(app, { ...byDelivery, deadline: 0 })).state === 'unfinished') rounds += 1;
    expect(rounds).toBeGreaterThan(2);
    expect(rounds).toBeLessThan(12);
    expect(await mirror.rows(`select number from issues where 'bug' = any(labels)`)).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('the repository that a payload shows beside its subject', () => {
  it.each(deliveryModes)('is written whole if it is newer: %s', async (way) => {
    const found = await applyAndCompare(mirror, way, () => {
      const lost = control.addDeliveryFault({ kind: 'lose', events: ['repository'] });
      control.editRepository({ repo, description: 'newer', topics: ['b', 'a'], stargazers: 7 });
      control.removeDeliveryFault({ id: lost.id });
      control.editIssue({ repo, number: 1, title: 'beside' });
      control.push({ repo, commits: 1 });
      control.comment({ repo, number: 2 });
    });
    expect(found).toEqual({ before: [], after: [] });
  });

  it.each(deliveryModes)('is requested if two states share a second: %s', async (way) => {
    mirror.sandbox.world.clock.freeze(Math.floor(Date.now() / 1000));
    const found = await applyAndCompare(mirror, way, () => {
      control.editRepository({ repo, description: 'first' });
      const lost = control.addDeliveryFault({ kind: 'lose', events: ['repository'] });
      control.editRepository({ repo, description: 'second' });
      control.removeDeliveryFault({ id: lost.id });
      control.editIssue({ repo, number: 1, title: 'beside' });
    });
    expect(found).toEqual({ before: [], after: [] });
  });
});
