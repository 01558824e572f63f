import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
const { mirror, control } = useMirror();

function marked(table: string, column = 'deleted_at') {
  return mirror.rows(`select * from ${table} where ${column} is not null`);
}

/** What is left wrong once the fault is over and a sweep has run. */
async function afterwards(): Promise<string[]> {
  control.clearFaults({});
  await mirror.sweep();
  return differencesFromGitHub(mirror);
}

/** What only a list can show again is looked for at most once an hour. */
async function anHourPasses(): Promise<void> {
  const year = new Date().getUTCFullYear();
  await mirror.rows(`update repository_sync
    set unread = replace(unread::text, '"met_at": "${year}', '"met_at": "${year - 1}')::jsonb`);
}

const said = `select sync_status, split_part(sync_error, ':', 1) as code from repositories where id = ${app}`;
const badAnswer = [{ sync_status: 'error', code: 'GITHUB_BAD_ANSWER' }];

describe('an unreadable element', () => {
  it('is reported if it is a repository of an installation, and the others are swept', async () => {
    for (const name of ['b', 'c', 'd']) control.createRepository({ owner: 'acme', name });
    await mirror.work();
    control.addFault({
      action: { kind: 'odd-element', where: { name: 'app' }, set: { default_branch: null } },
    });
    control.addDeliveryFault({ kind: 'lose' });
    control.push({ repo: 'acme/b', commits: 2 });
    control.openIssue({ repo: 'acme/c' });
    await mirror.sweep();
    expect(await marked('repositories', 'removed_at')).toEqual([]);
    expect(await mirror.rows(`select count(*) as n from repositories where sync_status = 'fresh'`)).toEqual([
      { n: 3 },
    ]);
    expect(
      await mirror.rows(`select sync_status, split_part(sync_error, ':', 1) as code from repositories
        where id = ${app}`),
    ).toEqual([{ sync_status: 'error', code: 'GITHUB_BAD_ANSWER' }]);
    expect(await mirror.rows(`select error ->> 'code' as code from sync_jobs`)).toEqual([
      { code: 'GITHUB_BAD_ANSWER' },
    ]);
    expect(await afterwards()).toEqual([]);
  });

  it('uninstalls none of the installations', async () => {
    control.addFault({
      action: { kind: 'odd-element', where: { app_slug: 'sandbox' }, set: { events: 7 } },
      match: '/app/installations',
    });
    control.addFault({
      action: { kind: 'odd-element', where: {}, set: { events: 7 } },
      match: '/app/installations',
    });
    control.addDeliveryFault({ kind: 'lose' });
    control.push({ repo, commits: 1 });
    await mirror.sweep();
    expect(await marked('installations')).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('stops neither an installation nor a repository with a text that PostgreSQL cannot hold', async () => {
    control.createRepository({ owner: 'acme', name: 'b' });
    await mirror.work();
    control.addFault({
      action: { kind: 'odd-element', where: { name: 'app' }, set: { language: 'C\0', homepage: '\ud800' } },
    });
    control.addFault({
      action: { kind: 'odd-element', where: {}, set: { events: ['push', '\0\ud800'] } },
      match: '/app/installations',
    });
    control.addDeliveryFault({ kind: 'lose' });
    control.push({ repo: 'acme/b', commits: 2 });
    await mirror.sweep();
    expect(await mirror.rows('select events from installations')).toEqual([{ events: ['push', '��'] }]);
    expect(await mirror.rows(`select language from repositories where id = ${app}`)).toEqual([
      { language: 'C�' },
    ]);
    expect(await afterwards()).toEqual([]);
  });

  it('leaves an installation unchanged that is shown without its account or with odd values', async () => {
    control.addFault({
      action: {
        kind: 'odd-element',
        where: {},
        set: { account: {}, repository_selection: null, created_at: '', suspended_at: '' },
      },
      match: '/app/installations',
    });
    await mirror.sweep();
    expect(
      await mirror.rows('select account_login, repository_selection, deleted_at from installations'),
    ).toEqual([{ account_login: 'acme', repository_selection: 'all', deleted_at: null }]);
  });

  it.each<[string, Record<string, string | number>, Record<string, unknown>, string]>([
    ['issues', { number: 2 }, { title: null }, 'issues'],
    ['issues', { number: 2 }, { user: { id: 'x' } }, 'issues'],
    ['pull_requests', { number: 3 }, { head: null }, 'pulls'],
    ['branches', { name: 'feature' }, { commit: null }, 'branches'],
  ])(
    'is left as it is among the %s (%j: %j), and what is beside it is read',
    async (table, where, set, path) => {
      control.addFault({ action: { kind: 'odd-element', where, set }, match: `/${path}` });
      control.addDeliveryFault({ kind: 'lose' });
      control.openIssue({ repo, title: 'beside' });
      control.openPull({ repo, head: 'beside' });
      await mirror.sweep();
      await mirror.sync(app, { mode: 'full' }).catch(() => undefined);
      expect(await marked(table)).toEqual([]);
      expect(await mirror.rows(`select 1 as found from issues where title = 'beside'`)).toEqual([
        { found: 1 },
      ]);
      expect(await mirror.rows(`select 1 as found from branches where name = 'beside'`)).toEqual([
        { found: 1 },
      ]);
      expect(
        await mirror.rows(`select 1 as found from pull_requests where head_ref = 'beside'`),
      ).toHaveLength(1);
      expect(await mirror.rows(said)).toEqual(badAnswer);
      expect(await afterwards()).toEqual([]);
    },
  );

  it('delays no other push when it is one branch of many', async () => {
    control.addFault({
      action: { kind: 'odd-element', where: { name: 'feature' }, set: { commit: null } },
      match: '/branches',
    });
    for (const branch of ['a', 'b', 'feature']) control.push({ repo, branch, commits: 1 });
    control.push({ repo, commits: 1 });
    await control.deliveriesDone({});
    await mirror.sync(app, { scope: 'deliveries', shouldProbe: false });
    expect(
      await mirror.rows(`select payload ->> 'ref' as ref from webhook_deliveries where status = 'pending'`),
    ).toEqual([{ ref: 'refs/heads/feature' }]);
    const wrong = await differencesFromGitHub(mirror);
    expect(wrong.filter((line) => !/"feature"|pending/.test(line))).toEqual([]);
  });

  it('is reported at every sweep until it can be read, and then written', async () => {
    control.addFault({
      action: { kind: 'odd-element', where: { number: 2 }, set: { title: null } },
      match: '/issues',
    });
    control.addDeliveryFault({ kind: 'lose' });
    control.editIssue({ repo, number: 2, title: 'Changed unseen' });
    for (let n = 0; n < 3; n += 1) {
      await mirror.sweep();
      expect(await mirror.rows(said)).toEqual(badAnswer);
    }
    expect(await afterwards()).toEqual([]);
  });

  it('leaves out invalid values that git never checked in a commit, and completes the history', async () => {
    control.addFault({
      action: {
        kind: 'odd-element',
        where: {},
        set: { 'commit.committer.date': '292278994-08-17T07:12:55Z' },
      },
      match: '/commits',
    });
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/compare/' });
    control.push({ repo, commits: 2 });
    await mirror.work();
    expect(
      await mirror.rows(`select count(*) as n, count(committed_at) as dated from commits
        where orphaned_at is null and committer_name is not null and message <> ''`),
    ).toEqual([{ n: 5, dated: 0 }]);
  });
});

describe('an element that breaks every page that contains it', () => {
  it.each<[string, Record<string, string | number>, string]>([
    ['branches', { name: 'feature' }, 'branches'],
    ['issues', { number: 70 }, 'issues'],
    ['pull_requests', { number: 3 }, 'pulls'],
  ])('is stepped over among the %s and asked for later', async (table, where, path) => {
    control.addDeliveryFault({ kind: 'lose' });
    control.growIssues({ repo, count: 130 });
    control.openPull({ repo, head: 'other' });
    control.addFault({ action: { kind: 'broken-element', where }, match: `/${path}` });
    await mirror.sweep().catch(() => undefined);
    expect(await marked(table)).toEqual([]);
    const [issues] = await mirror.rows<{ n: number }>(`select count(*) as n from issues`);
    expect(issues?.n).toBeGreaterThanOrEqual(131);
    expect(await mirror.rows(`select 1 as found from pull_requests where head_ref = 'other'`)).toHaveLength(
      1,
    );
    expect(await mirror.rows(said)).toMatchObject([{ sync_status: 'error' }]);
    await anHourPasses();
    expect(await afterwards()).toEqual([]);
  });

  it('is skipped among issues that only cursors list', async () => {
    control.growIssues({ repo, count: 250 });
    control.addFault({ action: { kind: 'broken-element', where: { number: 170 } }, match: '/issues' });
    await mirror.sync(app).catch(() => undefined);
    const [found] = await mirror.rows<{ n: number }>('select count(*) as n from issues');
    expect(found?.n).toBeGreaterThanOrEqual(100);
    expect(await marked('issues')).toEqual([]);
    await anHourPasses();
    expect(await afterwards()).toEqual([]);
  });

  it('leaves the other repositories of the installation right', async () => {
    for (const name of ['b', 'c', 'd']) control.createRepository({ owner: 'acme', name });
    await mirror.work();
    control.addFault({
      action: { kind: 'broken-element', where: { name: 'c' } },
      match: '/installation/repositories',
    });
    control.addDeliveryFault({ kind: 'lose' });
    control.push({ repo: 'acme/b', commits: 2 });
    await mirror.sweep();
    expect(await marked('repositories', 'removed_at')).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

/** Of every kind something, and more of it later. */
function more(name: string): void {
  control.createMilestone({ repo, title: name });
  control.createLabel({ repo, name });
  control.pushTags({ repo, tags: { [name]: 'main' } });
  control.createRelease({ repo, tag: name });
  control.comment({ repo, number: 1, body: name });
  control.review({ repo, number: 3, state: 'approved', body: name });
  control.reviewComment({ repo, number: 3, body: name });
  control.openIssue({ repo, title: name });
  control.openPull({ repo, head: name });
  control.push({ repo, commits: 1 });
}

describe('a completely unreadable list', () => {
  it('leaves all other lists right, and fails the round', async () => {
    more('before');
    await mirror.work();
    await mirror.sweep();
    control.addFault({ action: { kind: 'status', status: 500 }, match: '/(branches|issues|releases)\\?' });
    control.addDeliveryFault({ kind: 'lose' });
    more('after');
    await mirror.sweep();
    const own = /^(repositories .* sync_|branches |issues |release)/;
    expect((await differencesFromGitHub(mirror)).filter((line) => !own.test(line))).toEqual([]);
    expect(await mirror.rows(said)).toEqual([{ sync_status: 'error', code: 'GITHUB_UNAVAILABLE' }]);
    expect(await afterwards()).toEqual([]);
  });

  it('counts as neither empty nor switched off with status 202', async () => {
    control.addFault({ action: { kind: 'status', status: 202 }, match: '/issues\\?' });
    control.addDeliveryFault({ kind: 'lose' });
    control.editIssue({ repo, number: 1, title: 'later' });
    await mirror.sweep();
    expect(await mirror.rows(said)).toEqual(badAnswer);
    expect(await afterwards()).toEqual([]);
  });

  it('leaves the installation’s other repositories right even if some cannot be requested', async () => {
    const names = ['b', 'c', 'd', 'e', 'f'];
    const made = names.map((name) => control.createRepository({ owner: 'acme', name }).id);
    await mirror.work();
    control.addDeliveryFault({ kind: 'lose' });
    control.changeSelection({ id: mirror.installationId, repositories: [repo] });
    control.addFault({ action: { kind: 'status', status: 500 }, match: `/repositories/(${made.join('|')})` });
    control.openIssue({ repo, title: 'beside' });
    await mirror.sweep();
    expect(await marked('repositories', 'removed_at')).toEqual([]);
    expect(await mirror.rows(`select 1 as found from issues where title = 'beside'`)).toHaveLength(1);
    expect(await mirror.rows(`select error ->> 'code' as code from sync_jobs`)).toEqual([
      { code: 'GITHUB_UNAVAILABLE' },
    ]);
    expect(await afterwards()).toEqual([]);
  });
});
