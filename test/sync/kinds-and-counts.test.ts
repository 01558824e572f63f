import { describe, expect, it } from '@jest/globals';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

/** How many requests of a kind `act` makes. */
async function requestsOf(pattern: RegExp, act: () => Promise<unknown>): Promise<number> {
  const before = between.requests.length;
  await act();
  return between.requests.slice(before).filter((request) => pattern.test(request)).length;
}

const state = `select sync_status, sync_error, last_synced_at is not null as synced from repositories`;
const fresh = [{ sync_status: 'fresh', sync_error: null, synced: true }];
const kinds = ['issues', 'pull_requests'] as const;
const live = (kind: string) => `select count(*)::int as n from ${kind} where deleted_at is null`;

describe.each(kinds)('a repository with its %s switched off', (kind) => {
  const set = (on: boolean) =>
    control.editRepository({ repo, ...(kind === 'issues' ? { hasIssues: on } : { hasPullRequests: on }) });
  const count = kind === 'issues' ? 2 : 1;

  it('keeps its rows, is fresh at every sweep, and costs few requests', async () => {
    set(false);
    await mirror.work();
    for (let n = 0; n < 2; n += 1) {
      control.push({ repo, commits: 1 });
      expect(await requestsOf(/./, () => mirror.work())).toBeLessThan(12);
      await mirror.sweep();
      expect(await mirror.rows(state)).toEqual(fresh);
    }
    expect(await requestsOf(/\/(pulls|issues)/, () => mirror.sweep())).toBe(0);
    await mirror.verify();
    expect(await mirror.rows(state)).toEqual(fresh);
    expect(await mirror.rows(live(kind))).toEqual([{ n: count }]);
  });

  it('has all of its rows again once they are switched on', async () => {
    await unannounced(() => set(false));
    await mirror.sweep();
    control.editIssue({ repo, number: kind === 'issues' ? 1 : 3, title: 'Changed under cover' });
    await mirror.work();
    await mirror.rows(`delete from ${kind}`);
    await unannounced(() => set(true));
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('has all of its rows again once a delivery shows that they are switched on', async () => {
    await unannounced(() => set(false));
    await mirror.sweep();
    await mirror.rows(`delete from ${kind}`);
    await unannounced(() => set(true));
    control.push({ repo, commits: 1 });
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

it('imports a repository that has pull requests switched off from the beginning', async () => {
  await unannounced(() => {
    control.createRepository({ owner: 'acme', name: 'shut' });
    control.editRepository({ repo: 'acme/shut', hasPullRequests: false, hasIssues: false });
    control.push({ repo: 'acme/shut', commits: 2 });
  });
  control.push({ repo: 'acme/shut', commits: 1 });
  expect(await requestsOf(/./, () => mirror.work())).toBeLessThan(30);
  expect(await mirror.rows(state)).toEqual([...fresh, ...fresh]);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe.each(kinds)('GitHub’s count of %s', (kind) => {
  const list = kind === 'issues' ? /GET \S*\/issues\?(?!.*since=)/ : /GET \S*\/pulls\?.*sort=created/;
  const field = kind === 'issues' ? 'issues' : 'pullRequests';

  /** GitHub counts so many more than it lists. */
  function miscount(by: number): void {
    between.alter = (answer) => {
      if (!answer.request.includes('/graphql')) return;
      answer.body = answer.body.replaceAll(
        new RegExp(`("${field}":\\{"totalCount":)(\\d+)`, 'g'),
        (_all, head: string, n: string) => head + String(Number(n) + by),
      );
    };
  }

  it.each([1, -1])('may permanently differ by %i from the list', async (by) => {
    miscount(by);
    await unannounced(() => control.openIssue({ repo, title: 'New' }));
    await unannounced(() => control.openPull({ repo, head: 'new', title: 'New' }));
    const first = await requestsOf(list, () => mirror.sweep());
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThanOrEqual(3);
    expect(await mirror.rows(state)).toEqual(fresh);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    // Nothing moves: nothing is read again, though GitHub is asked as ever.
    await mirror.rows(
      `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
    );
    expect(await requestsOf(list, () => mirror.sweep())).toBe(0);
    await mirror.rows(
      `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2000-01-01T00:00:00Z"')`,
    );
    // Both move alike: what is new is read, the whole list is not.
    await unannounced(() =>
      kind === 'issues'
        ? control.openIssue({ repo, title: 'Newer' })
        : control.openPull({ repo, head: 'newer', title: 'Newer' }),
    );
    expect(await requestsOf(list, () => mirror.sweep())).toBe(0);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    // Ours alone moves.
    await mirror.rows(`delete from ${kind} where number = (select min(number) from ${kind})`);
    // The first page of changed pull requests holds the lost one as well.
    expect(await requestsOf(list, () => mirror.sweep())).toBe(kind === 'issues' ? 1 : 0);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    await mirror.verify();
    expect(await mirror.rows(state)).toEqual(fresh);
    between.alter = null;
    await mirror.sweep();
    expect(await mirror.rows(`select differences from repository_sync`)).toEqual([{ differences: {} }]);
  });

  it('hides no deletion that GitHub reports, and marks nothing else', async () => {
    miscount(1);
    await unannounced(() => {
      control.openIssue({ repo, title: 'New' });
      control.openPull({ repo, head: 'new', title: 'New' });
    });
    await mirror.sweep();
    await unannounced(() => control.deleteIssue({ repo, number: 1 }));
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows(state)).toEqual(fresh);
  });
});

it('requests hundreds of missing issues in slices', async () => {
  await unannounced(() => control.growIssues({ repo, count: 250 }));
  await mirror.sweep();
  await unannounced(() => {
    for (let number = 4; number < 254; number += 1) control.deleteIssue({ repo, number });
  });
  const [row] = await mirror.rows<{ id: number }>('select id::int from repositories');
  let slices = 0;
  while ((await mirror.sync(row?.id ?? 0, { deadline: 0 })).state === 'unfinished') slices += 1;
  expect(slices).toBeGreaterThan(1);
  expect(slices).toBeLessThan(12);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('reports which kind has an unreadable element, and keeps everything else right', async () => {
  control.addFault({
    action: { kind: 'odd-element', where: { number: 5 }, set: { title: null } },
    match: '/issues',
  });
  await unannounced(() => {
    control.openIssue({ repo, title: 'Before' });
    control.openIssue({ repo, title: 'Odd' });
    control.openIssue({ repo, title: 'After' });
  });
  for (let n = 0; n < 2; n += 1) {
    const whole = /GET \S*\/issues\?(?!.*since=)/;
    expect(await requestsOf(whole, () => mirror.sweep())).toBe(n === 0 ? 1 : 0);
    expect(await mirror.rows(state)).toEqual([
      { sync_status: 'error', sync_error: expect.stringContaining('GITHUB_BAD_ANSWER'), synced: true },
    ]);
    expect(await mirror.rows('select number from issues where deleted_at is null order by 1')).toEqual([
      { number: 1 },
      { number: 2 },
      { number: 4 },
      { number: 6 },
    ]);
  }
  control.clearFaults({});
  await mirror.verify();
  expect(await mirror.rows(state)).toEqual(fresh);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

describe('a permission that is taken back', () => {
  it('is reported at the next sweep, keeps the rows, and is cleared once granted again', async () => {
    const [installation] = await mirror.rows<{ id: number; permissions: Record<string, string> }>(
      'select id, permissions from installations',
    );
    const { id = 0, permissions = {} } = installation ?? {};
    const { issues: _taken, ...rest } = permissions;
    const before = await mirror.rows(live('issues'));
    await unannounced(() => control.changePermissions({ id, permissions: rest }));
    await mirror.sweep();
    expect(await mirror.rows(state)).toEqual([
      { sync_status: 'error', sync_error: expect.stringMatching(/^PERMISSION_MISSING/), synced: true },
    ]);
    expect(await mirror.rows(live('issues'))).toEqual(before);
    await unannounced(() => control.changePermissions({ id, permissions }));
    await mirror.sweep();
    expect(await mirror.rows(state)).toEqual(fresh);
  });
});
