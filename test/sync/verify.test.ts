import { describe, expect, it } from '@jest/globals';
import { sumDrift } from '../../src/db/repository-sync/drift.ts';
import type { RowCounts } from '../../src/model.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror } = useMirror();

/** Only the tables of which rows differed. */
function counted(rows: RowCounts): RowCounts {
  return Object.fromEntries(Object.entries(rows).filter(([, count]) => count > 0));
}

/** Rows damaged here, where GitHub shows nothing: what is done to them, and the drift that it is told as. */
const damages: [string, string, RowCounts][] = [
  ['an issue edited', `update issues set title = 'x', updated_at = now() where number = 1`, { issues: 1 }],
  [
    'an issue marked as deleted',
    `update issues set deleted_at = now(), deleted_reason = 'deleted' where number = 1`,
    { issues: 1 },
  ],
  ['an issue gone', `delete from issues where number = 1`, { issues: 1 }],
  ['all issues gone', `delete from issues`, { issues: 2 }],
  [
    'an issue invented',
    `insert into issues (id, repository_id, number, title, state, created_at, updated_at)
     values (1, 1060000001, 99, 'never', 'open', now(), now())`,
    { issues: 1 },
  ],
  [
    'an issue under another repository’s number',
    `update issues set number = 77 where number = 1`,
    { issues: 1 },
  ],
  ['a pull request edited', `update pull_requests set base_ref = 'x', labels = '{}'`, { pull_requests: 1 }],
  ['a pull request gone', `delete from pull_requests`, { pull_requests: 1 }],
  [
    'a commit edited',
    `update commits set message = 'x', author_email = null
     where sha = (select head_sha from repositories)`,
    { commits: 1 },
  ],
  [
    'a commit gone',
    `delete from commits where sha <> (select head_sha from repositories)
     and parents <> '{}'`,
    { commits: 1 },
  ],
  ['the root commit gone', `delete from commits where parents = '{}'`, { commits: 1 }],
  [
    'the head commit gone',
    `delete from commits where sha = (select head_sha from repositories)`,
    { commits: 1 },
  ],
  ['all commits gone', `delete from commits`, { commits: 3 }],
  ['a commit orphaned', `update commits set orphaned_at = now() where parents = '{}'`, { commits: 1 }],
  [
    'a commit invented',
    `insert into commits (repository_id, sha, message, parents) values (1060000001, 'abc', 'x', '{}')`,
    { commits: 1 },
  ],
  [
    'the head set back',
    `update repositories set head_sha = (select sha from commits where parents = '{}')`,
    { repositories: 1 },
  ],
  ['the head forgotten', `update repositories set head_sha = null`, { repositories: 1 }],
  ['counts wrong', `update repository_contributors set commits_count = 77`, { repository_contributors: 1 }],
  ['counts gone', `delete from repository_contributors`, { repository_contributors: 1 }],
  ['a branch gone', `delete from branches where name = 'feature'`, { branches: 1 }],
  ['a branch elsewhere', `update branches set head_sha = 'x'`, { branches: 2 }],
  [
    'the repository’s row',
    `update repositories set description = 'x', stargazers_count = 5, topics = '{x}'`,
    { repositories: 1 },
  ],
  [
    'totals wrong',
    `update repository_totals set commits = 7, issues = 7, open_issues = 7, pull_requests = 7, open_pull_requests = 7,
     open_review_requests = 7`,
    {},
  ],
  ['totals gone', `delete from repository_totals`, {}],
  [
    'authors lost',
    `update commits set author_id = null; update issues set author_id = null`,
    { commits: 3, issues: 2 },
  ],
];

describe('a full comparison', () => {
  it('finds nothing where nothing differs', async () => {
    expect(await mirror.verify()).toBe(0);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it.each(damages)('repairs and counts: %s', async (_name, damage, drift) => {
    for (const statement of damage.split(';')) await mirror.rows(statement);
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(counted((await sumDrift(mirror.db, '-infinity')).healed)).toEqual(counted(drift));
    expect(await mirror.verify()).toBe(0);
  });

  it('costs at most one request per hundred rows, and a few per repository', async () => {
    const { control } = mirror;
    control.growIssues({ repo: 'acme/app', count: 500 });
    control.growCommits({ repo: 'acme/app', count: 500 });
    await mirror.sweep();
    control.resetStats({});
    await mirror.verify();
    // Ten for the rows, the repository and its installation, and a few for each further kind.
    expect(control.stats().requests).toBeLessThan(45);
  });
});

describe('a full comparison of everything', () => {
  it('asks nothing as the App about a repository that its installation lists', async () => {
    const { control } = mirror;
    for (const visibility of ['public', 'private'] as const) {
      const repo = `acme/${visibility}`;
      control.createRepository({ owner: 'acme', name: visibility });
      control.setVisibility({ repo, visibility });
    }
    await mirror.sweep();
    control.resetStats({});
    await mirror.verify();
    const asked = Object.entries(control.stats().byRoute).filter(([route]) => route.includes('installation'));
    expect(Object.fromEntries(asked)).toEqual({
      'GET /app/installations': 1,
      'GET /app/installations/:installation_id': 1,
      'GET /installation/repositories': 1,
    });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('a full comparison in many rounds', () => {
  it('completes although each round has time for only a page of each list, and reports all drift', async () => {
    const { control } = mirror;
    control.growIssues({ repo: 'acme/app', count: 450 });
    control.growPulls({ repo: 'acme/app', count: 250 });
    control.growCommits({ repo: 'acme/app', count: 750 });
    await mirror.sweep();
    await mirror.rows(`update issues set title = 'x'; update pull_requests set title = 'x'`);
    await mirror.rows(`update commits set message = 'x'`);
    await mirror.rows(`update commits set orphaned_at = now() - interval '1 day' where parents = '{}'`);
    const [drift] = await mirror.rows<RowCounts>(`select (select count(*)::int from commits) as commits,
      (select count(*)::int from issues) as issues, (select count(*)::int from pull_requests) as pull_requests`);
    const short = { mode: 'full', shouldProbe: false } as const;
    let rounds = 1;
    while ((await mirror.sync(1_060_000_001, { ...short, deadline: 0 })).state === 'unfinished') rounds += 1;
    expect(rounds).toBeGreaterThan(5);
    expect(rounds).toBeLessThan(20);
    // The root was edited and orphaned.
    const told = { ...drift, commits: (drift?.['commits'] ?? 0) + 1 };
    expect(counted((await sumDrift(mirror.db, '-infinity')).healed)).toMatchObject(told);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('a full comparison in rounds of one page', () => {
  it('reads no page twice, even with an unreadable issue and many branches', async () => {
    const { control } = mirror;
    control.growIssues({ repo: 'acme/app', count: 350 });
    for (let n = 100; n < 450; n += 1) control.createBranch({ repo: 'acme/app', branch: `b${n}` });
    await mirror.sweep();
    const odd = { kind: 'odd-element', where: { number: 2 }, set: { title: null } } as const;
    const { id } = control.addFault({ action: odd, match: '/issues' });
    await mirror.rows(`update branches set head_sha = 'x'; delete from branches where name = 'b120';
      insert into branches (repository_id, name, head_sha, protected) values (1060000001, 'never', 'x', false)`);
    control.resetStats({});
    const round = { mode: 'full', shouldProbe: false, deadline: 0 } as const;
    let rounds = 1;
    while ((await mirror.sync(1_060_000_001, round)).state === 'unfinished') rounds += 1;
    expect(rounds).toBeLessThan(25);
    // 352 branches and 353 issues and pull requests, a hundred a page.
    expect(control.stats().byRoute).toMatchObject({
      'GET /repositories/:repository_id/branches': 4,
      'GET /repositories/:repository_id/issues': 4,
      'GET /repositories/:repository_id/commits': 1,
      'GET /repositories/:repository_id/pulls': 1,
    });
    expect(await mirror.rows('select sync_error from repositories')).toMatchObject([
      { sync_error: expect.stringMatching('GITHUB_BAD_ANSWER') },
    ]);
    control.removeFault({ id });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('a sweep', () => {
  // Of commits only the head is compared; the rest is for the complete comparison.
  it.each(
    damages.filter(([name]) => /(issues?|request) (gone|invented|marked)|head (set|forgotten)/.test(name)),
  )('repairs what numbers or the head show: %s', async (_name, damage) => {
    await mirror.rows(damage);
    expect(await differencesFromGitHub(mirror)).not.toEqual([]);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('skips what was compared recently, and sends few requests if nothing is new', async () => {
    mirror.control.resetStats({});
    await mirror.sweep({ freshForMs: 600_000, log: false });
    const { byRoute } = mirror.control.stats();
    expect(byRoute['POST /graphql']).toBeUndefined();
    mirror.control.resetStats({});
    await mirror.sweep({ log: false });
    expect(mirror.control.stats().requests).toBeLessThanOrEqual(4);
  });
});
