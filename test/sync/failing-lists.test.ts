import { describe, expect, it } from '@jest/globals';
import { timePasses, toldOf } from '../further/told.ts';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { expectGrowingIntervals, requestsOfTenSweeps } from '../support/ten-sweeps.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

const MINUTES = 60_000;
/** A page that fails is requested in other sizes as well. */
const REQUESTS_OF_A_FAILING_PAGE = 15;

interface FailingList {
  address: RegExp;
  /** what GitHub shows a change of the list by */
  change: () => unknown;
}

const lists = {
  issues: {
    address: /\/repositories\/\d+\/issues\?/,
    change: () => control.openIssue({ repo, title: 'New', by: 'ann' }),
  },
  'pull requests': {
    address: /\/repositories\/\d+\/pulls\?/,
    change: () => control.editIssue({ repo, number: 3, title: 'Edited' }),
  },
  branches: {
    address: /\/branches\?/,
    change: () => control.push({ repo, branch: 'new', commits: 1 }),
  },
  commits: {
    address: /\/(commits|compare)\b/,
    change: () => control.push({ repo, commits: 2 }),
  },
} satisfies Record<string, FailingList>;

/** Requests for the contents of the second repository, by its id. */
const isOfOther = (request: string): boolean => /\/repositories\/\d*[02-9]\//.test(request);

function refuse({ address }: Pick<FailingList, 'address'>, status: number): void {
  between.alter = (answer) => {
    if (!address.test(answer.request)) return;
    answer.status = status;
    answer.body = JSON.stringify({ message: 'No' });
    delete answer.headers['link'];
  };
}

function asked({ address }: Pick<FailingList, 'address'>): number {
  return between.requests.filter((request) => address.test(request)).length;
}

async function syncedAt(): Promise<string | null | undefined> {
  const [repository] = await mirror.rows<{ last_synced_at: string | null }>(
    `select last_synced_at from repositories where full_name = '${repo}'`,
  );
  return repository?.last_synced_at;
}

/** How many rows count as gone. */
async function marked(): Promise<number | undefined> {
  const [{ n } = {}] = await mirror.rows<{ n: number }>(`select
    (select count(*) from issues where deleted_at is not null)
    + (select count(*) from pull_requests where deleted_at is not null)
    + (select count(*) from branches where deleted_at is not null)
    + (select count(*) from commits where orphaned_at is not null) as n`);
  return n;
}

describe.each([404, 500])('a list of a required kind that answers %i for good', (status) => {
  it.each(Object.entries(lists))('is requested at growing intervals: %s', async (_name, list) => {
    await mirror.sweep();
    await timePasses(mirror, 15 * MINUTES);
    between.requests.length = 0;
    await mirror.sweep();
    const quiet = between.requests.length;
    const before = await syncedAt();
    await unannounced(list.change);
    refuse(list, status);
    const requests = await requestsOfTenSweeps({ mirror, between }, list.address);
    expect([await syncedAt(), await marked()]).toEqual([before, 0]);
    // Commits are compared, listed, and requested one by one.
    expectGrowingIntervals(requests, 3 * REQUESTS_OF_A_FAILING_PAGE, quiet);
    between.alter = null;
    await timePasses(mirror, 60 * MINUTES);
    await mirror.sweep();
    expect([await toldOf(mirror), await differencesFromGitHub(mirror)]).toEqual([null, []]);
  });
});

describe('a list that fails for good', () => {
  it('is requested once, at once, when a delivery has its repository compared', async () => {
    refuse(lists.issues, 404);
    await unannounced(lists.issues.change);
    await mirror.sweep();
    await timePasses(mirror, 15 * MINUTES);
    await mirror.sweep();
    await timePasses(mirror, MINUTES);
    between.requests.length = 0;
    await mirror.sweep();
    expect(asked(lists.issues)).toBe(0);
    await mirror.sync(app, { shouldProbe: false });
    expect(asked(lists.issues)).toBe(1);
  });

  it('has the next verification read again what the one that lacked it had read', async () => {
    refuse(lists.issues, 500);
    await mirror.verify();
    between.alter = null;
    await mirror.rows("update pull_requests set title = 'Wrong' where number = 3");
    expect(await mirror.verify()).toBe(1);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('leaves further kinds that changed to be read once', async () => {
    refuse(lists.issues, 404);
    await unannounced(lists.issues.change);
    await mirror.sweep();
    await timePasses(mirror, 15 * MINUTES);
    await mirror.sweep();
    await unannounced(() => control.createLabel({ repo, name: 'new' }));
    await comeHourly(mirror);
    between.requests.length = 0;
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await mirror.sweep();
    expect(asked({ address: /\/labels\?/ })).toBe(1);
    expect(await mirror.rows(`select name from labels where name = 'new'`)).toHaveLength(1);
  });

  it('has no list of an import that was read beside it read in full again', async () => {
    const other = 'acme/other';
    mirror.sandbox.world.silently(() => {
      control.createRepository({ owner: 'acme', name: 'other' });
      control.push({ repo: other, commits: 3 });
      control.growIssues({ repo: other, count: 150 });
    });
    between.alter = (answer) => {
      if (isOfOther(answer.request) && lists.branches.address.test(answer.request)) answer.status = 404;
    };
    between.requests.length = 0;
    await mirror.sweep();
    const pages = between.requests.filter(
      (request) => isOfOther(request) && lists.issues.address.test(request) && !request.includes('since='),
    );
    expect(pages).toHaveLength(2);
    between.alter = null;
    await timePasses(mirror, 60 * MINUTES);
    await mirror.sweep();
    expect([await toldOf(mirror, other), await differencesFromGitHub(mirror)]).toEqual([null, []]);
  });

  it('leaves the other lists of an import to be read once', async () => {
    const other = 'acme/other';
    mirror.sandbox.world.silently(() => {
      control.createRepository({ owner: 'acme', name: 'other' });
      control.push({ repo: other, commits: 3 });
      control.openIssue({ repo: other, title: 'Unlisted' });
      control.createLabel({ repo: other, name: 'new' });
    });
    between.alter = (answer) => {
      if (isOfOther(answer.request) && lists.issues.address.test(answer.request)) answer.status = 500;
    };
    const requests: number[] = [];
    for (let sweeps = 0; sweeps < 10; sweeps += 1) {
      between.requests.length = 0;
      await mirror.sweep();
      requests.push(between.requests.filter(isOfOther).length);
      await timePasses(mirror, 15 * MINUTES);
    }
    expect(requests.filter((times) => times > 0).length).toBeLessThanOrEqual(5);
    expect(await toldOf(mirror, other)).not.toBeNull();
    const [imported] = await mirror.rows(`select r.last_synced_at, t.commits,
      (select count(*) from labels l where l.repository_id = r.id and l.name = 'new') as labels
      from repositories r join repository_totals t on t.repository_id = r.id where r.full_name = '${other}'`);
    expect(imported).toEqual({ last_synced_at: null, commits: 3, labels: 1 });
    between.alter = null;
    await timePasses(mirror, 60 * MINUTES);
    await mirror.sweep();
    expect([await toldOf(mirror, other), await differencesFromGitHub(mirror)]).toEqual([null, []]);
  });
});

describe('what cannot be read of a list', () => {
  const elements: Record<string, () => RegExp> = {
    'an issue': () => {
      control.openIssue({ repo, title: 'odd', by: 'ann' });
      control.addFault({ action: { kind: 'odd-element', where: { title: 'odd' }, set: { title: null } } });
      return /\/issues(\/|\?)/;
    },
    'a pull request': () => {
      control.editIssue({ repo, number: 3, title: 'odd' });
      control.addFault({ action: { kind: 'odd-element', where: { title: 'odd' }, set: { head: null } } });
      return /\/pulls(\/|\?)/;
    },
    'a branch': () => {
      control.push({ repo, branch: 'odd', commits: 1 });
      control.addFault({ action: { kind: 'odd-element', where: { name: 'odd' }, set: { commit: null } } });
      return /\/branches/;
    },
    'a commit': () => {
      control.push({ repo, commits: 1 });
      const [{ refs } = { refs: null }] = mirror.sandbox.world.state.repositories.values();
      const sha = refs?.get('refs/heads/main')?.sha ?? '';
      control.push({ repo, commits: 2 });
      control.addFault({ action: { kind: 'broken-element', where: { sha } }, match: '/commits' });
      refuse({ address: /\/compare\// }, 404);
      return /\/(commits|compare)/;
    },
  };

  it.each(Object.entries(elements))('is requested at growing intervals: %s', async (_name, spoil) => {
    await mirror.sweep();
    await timePasses(mirror, 15 * MINUTES);
    let address = /^$/;
    await unannounced(() => {
      address = spoil();
    });
    await mirror.sweep();
    await timePasses(mirror, 15 * MINUTES);
    const times = new Set([await syncedAt()]);
    const { ofList } = await requestsOfTenSweeps({ mirror, between }, address, async () =>
      times.add(await syncedAt()),
    );
    // Whether or not it was requested, nothing else was left to fetch.
    expect(times.size).toBe(11);
    // After a quarter of an hour, half an hour, one hour and two.
    expect(ofList.filter((times) => times > 0).length).toBeLessThanOrEqual(4);
    expect(await marked()).toBe(0);
    control.clearFaults({});
    between.alter = null;
    await timePasses(mirror, 60 * MINUTES);
    await mirror.sweep();
    expect([await toldOf(mirror), await differencesFromGitHub(mirror)]).toEqual([null, []]);
  });
});
