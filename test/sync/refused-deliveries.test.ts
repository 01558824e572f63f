import { beforeEach, describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { readInbox } from '../support/read-inbox.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
const byDelivery = { scope: 'deliveries', shouldProbe: false } as const;
const { mirror, control } = useMirror();

const inbox = () => readInbox(mirror);
const waiting = { event: 'issue_comment', status: 'pending', error: 'GITHUB_UNAVAILABLE' };

const statuses = async () => (await inbox()).map(({ status }) => status);

describe('a block', () => {
  beforeEach(async () => {
    control.push({ repo, commits: 1 });
    await control.deliveriesDone({});
    control.comment({ repo, number: 1 });
    await control.deliveriesDone({});
    control.editIssue({ repo, number: 2, title: 'in the payload' });
    await control.deliveriesDone({});
  });
  const blocked = { status: 'pending', attempts: 1, error: 'REPOSITORY_BLOCKED' };

  it.each([
    [451, 'Unavailable For Legal Reasons'],
    [403, 'Repository access blocked'],
  ])('is taken as transient if GitHub does not state it (%i): no change is lost', async (status, message) => {
    control.addFault({ action: { kind: 'status', status, message }, match: '/repos' });
    expect(await mirror.sync(app, byDelivery)).toMatchObject({ error: { code: 'REPOSITORY_BLOCKED' } });
    expect(await inbox()).toEqual([
      { event: 'push', ...blocked },
      { event: 'issue_comment', ...blocked },
      { event: 'issues', status: 'processed', attempts: 1, error: null },
    ]);
    control.clearFaults({});
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows('select sync_status from repositories')).toEqual([{ sync_status: 'fresh' }]);
  });

  it.each(['dmca', 'tos'] as const)(
    'ends the deliveries that it affects if GitHub states it (%s)',
    async (reason) => {
      control.blockRepository({ repo, reason });
      await mirror.sync(app, byDelivery);
      const ended = { status: 'processed', attempts: 1, error: 'REPOSITORY_BLOCKED' };
      expect(await inbox()).toEqual([
        { event: 'push', ...ended },
        { event: 'issue_comment', ...ended },
        { event: 'issues', ...ended, error: null },
      ]);
      control.blockRepository({ repo, reason: null });
      await mirror.sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
    },
  );

  it('fails a comparison if GitHub does not state it; its deliveries end after an hour of attempts', async () => {
    control.addFault({ action: { kind: 'status', status: 451 }, match: '/repos' });
    expect(await mirror.sync(app)).toMatchObject({ error: { code: 'REPOSITORY_BLOCKED' } });
    expect(await statuses()).toEqual(['pending', 'pending', 'processed']);
    expect(await mirror.rows('select sync_status from repositories')).toEqual([{ sync_status: 'error' }]);
    await mirror.rows(`update webhook_deliveries
      set failures = 5, retry_at = null, received_at = received_at - interval '61 minutes'`);
    await mirror.sync(app, byDelivery);
    expect(await statuses()).toEqual(['failed', 'failed', 'processed']);
    expect(await mirror.rows('select wanted_mode from repository_sync')).toEqual([
      { wanted_mode: 'changes' },
    ]);
  });

  it('delays nothing else if it concerns one object', async () => {
    const message = 'Repository access blocked';
    control.addFault({ action: { kind: 'status', status: 451, message }, match: '/issues/1$' });
    await mirror.sync(app, byDelivery);
    expect((await inbox()).map(({ event, status }) => [event, status])).toEqual([
      ['push', 'processed'],
      ['issue_comment', 'pending'],
      ['issues', 'processed'],
    ]);
  });
});

it('ends no delivery for a transient refusal, only for a permission that GitHub shows as missing', async () => {
  const message = 'Resource not accessible by integration';
  control.addFault({ action: { kind: 'status', status: 403, message }, match: '/issues/1$' });
  control.comment({ repo, number: 1 });
  await control.deliveriesDone({});
  await mirror.sync(app, byDelivery);
  const refused = expect.stringMatching(/^ACCESS_REFUSED/);
  expect(await inbox()).toEqual([{ ...waiting, attempts: 1, error: refused }]);
  await mirror.rows(`update installations set permissions = '{}'`);
  await mirror.rows('update webhook_deliveries set retry_at = now()');
  await mirror.sync(app, byDelivery);
  expect(await inbox()).toEqual([{ ...waiting, attempts: 2, error: refused }]);
  const permissions = { metadata: 'read', contents: 'read', pull_requests: 'read' };
  control.changePermissions({ id: mirror.installationId, permissions });
  await mirror.work();
  expect(await inbox()).toContainEqual({
    event: 'issue_comment',
    status: 'processed',
    attempts: 3,
    error: 'PERMISSION_MISSING',
  });
});
