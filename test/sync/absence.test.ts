import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { PassingAnswer } from '../support/between.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

/** Changes the first `times` answers to requests that match. */
function alter(match: RegExp, change: (answer: PassingAnswer) => void, times = Infinity): void {
  let left = times;
  between.alter = (answer) => {
    if (left === 0 || !match.test(answer.request)) return;
    left -= 1;
    change(answer);
  };
}

function empty(answer: PassingAnswer): void {
  answer.status = 200;
  answer.body = '[]';
  delete answer.headers['link'];
}

const live = `select (select count(*)::int from commits where orphaned_at is null) as commits,
  (select count(*)::int from branches where deleted_at is null) as branches,
  (select count(*)::int from issues where deleted_at is null) as issues,
  (select count(*)::int from pull_requests where deleted_at is null) as pull_requests,
  (select count(*)::int from repositories where removed_at is null) as repositories,
  (select count(*)::int from installations where deleted_at is null) as installations`;
const whole = { commits: 3, branches: 2, issues: 2, pull_requests: 1, repositories: 1, installations: 1 };

const changes: [string, string, () => unknown][] = [
  ['branches', '/branches', () => control.createBranch({ repo, branch: 'new' })],
  ['issues', '/issues', () => control.openIssue({ repo, title: 'New' })],
  ['pull_requests', '/pulls', () => control.openPull({ repo, head: 'feature' })],
  ['releases', '/releases', () => control.createRelease({ repo, tag: 'v2' })],
];

describe('an empty list that should not be empty', () => {
  it.each(changes)('is reported, and read again by the next comparison: %s', async (table, path, make) => {
    await unannounced(() => {
      control.pushTags({ repo, tags: { v1: 'main', v2: 'main' } });
      control.createRelease({ repo, tag: 'v1' });
    });
    await mirror.verify();
    await unannounced(make);
    alter(new RegExp(`${path}\\?`), empty);
    await mirror.sweep();
    expect(await mirror.rows(`select 1 from ${table} where deleted_at is not null`)).toEqual([]);
    expect(await mirror.rows('select sync_status from repositories')).toEqual([{ sync_status: 'error' }]);
    between.alter = null;
    await mirror.rows(
      `update repository_sync set unread = replace(unread::text, '"met_at": "20', '"met_at": "19')::jsonb`,
    );
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is read once more if it is empty once', async () => {
    for (const [, path, make] of changes) {
      if (path === '/issues' || path === '/pulls') continue;
      await unannounced(() => control.pushTags({ repo, tags: { v2: 'main' } }));
      await unannounced(make);
      alter(new RegExp(`${path}\\?`), empty, 1);
      await mirror.sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
    }
  });
});

describe('a list of changes', () => {
  it.each([
    ['issues', /\/issues\?/, () => control.editIssue({ repo, number: 1, title: 'Other' })],
    ['pull_requests', /\/pulls\?/, () => control.setDraft({ repo, number: 3, draft: true })],
  ])(
    'is read once more if it lacks the newest element that GitHub announced: %s',
    async (_table, path, edit) => {
      await mirror.sweep();
      await unannounced(edit);
      alter(path, empty, 1);
      await mirror.sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
    },
  );
});

function isWholeList(request: string): boolean {
  return /\/issues\?/.test(request) && !request.includes('since=');
}

describe('a list that permanently lacks some elements', () => {
  it('is reported once, and not read again until it or its count changes', async () => {
    await mirror.sweep();
    await unannounced(() => control.openIssue({ repo, title: 'Hidden' }));
    between.alter = (answer) => {
      if (!/\/issues\?/.test(answer.request)) return;
      const shown = z.array(z.object({ number: z.number() }).loose()).parse(JSON.parse(answer.body));
      answer.body = JSON.stringify(shown.filter(({ number }) => number > 1 && number < 4));
    };
    await mirror.sweep();
    await mirror.sweep();
    const before = between.requests.length;
    await mirror.sweep();
    expect(between.requests.slice(before).filter(isWholeList)).toEqual([]);
    expect(await mirror.rows('select sync_status from repositories')).toEqual([{ sync_status: 'fresh' }]);
    expect(await mirror.rows('select number from issues where deleted_at is not null')).toEqual([]);
  });
});

describe('absence', () => {
  it('is not believed of a branch that a shrinking list skipped', async () => {
    await unannounced(() => {
      for (let n = 100; n < 350; n += 1) control.createBranch({ repo, branch: `b${n}` });
    });
    await mirror.sweep();
    await unannounced(() => control.push({ repo, branch: 'b101', commits: 1 }));
    // After the first page: whatever follows b120 moves up by one.
    between.alter = async (answer) => {
      if (answer.request.includes('/matching-refs/')) answer.body = '[]';
      if (!answer.request.endsWith('/branches?per_page=100')) return;
      between.alter = null;
      await unannounced(() => control.deleteBranch({ repo, branch: 'b120' }));
    };
    await mirror.sweep();
    const gone = await mirror.rows(`select name from branches where deleted_at is not null`);
    expect(gone.filter((row) => JSON.stringify(row) !== '{"name":"b120"}')).toEqual([]);
    await unannounced(() => control.push({ repo, branch: 'b101', commits: 1 }));
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is believed of thousands of branches for a few dozen requests', async () => {
    await unannounced(() => {
      for (let n = 0; n < 1500; n += 1) control.createBranch({ repo, branch: `b${n}` });
    });
    await mirror.sweep();
    await unannounced(() => {
      for (let n = 0; n < 1500; n += 1) if (n % 100 !== 0) control.deleteBranch({ repo, branch: `b${n}` });
      control.push({ repo, commits: 1 });
    });
    const before = between.requests.length;
    await mirror.sweep({ log: false });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(between.requests.length - before).toBeLessThan(15 * 21 + 40);
  });

  const answers: [string, RegExp, (answer: PassingAnswer) => void][] = [
    ['an empty list of branches', /\/branches\?/, empty],
    [
      'a repository said to be empty (409)',
      /\/(branches|commits)\?/,
      (answer) => {
        answer.status = 409;
        answer.body = '{"message":"Git Repository is empty."}';
      },
    ],
    ['an empty list of commits', /\/commits\?/, empty],
    ['an empty list of issues', /\/issues\?/, empty],
    ['an empty list of pull requests', /\/pulls\?/, empty],
    [
      'an empty list of repositories',
      /\/installation\/repositories/,
      (answer) => {
        answer.body = '{"total_count":0,"repositories":[]}';
      },
    ],
    ['an empty list of installations', /\/app\/installations\?/, empty],
    [
      'a default branch that GraphQL does not show',
      /\/graphql/,
      (answer) => {
        answer.body = answer.body.replace(/"defaultBranchRef":\{[^}]*\{[^}]*\}\}/, '"defaultBranchRef":null');
      },
    ],
    [
      'counts of nothing',
      /\/graphql/,
      (answer) => {
        answer.body = answer.body.replaceAll(/"totalCount":\d+/g, '"totalCount":0');
      },
    ],
  ];

  it.each(answers)('is not believed for %s', async (_name, match, change) => {
    for (const times of [1, Infinity]) {
      await unannounced(() => control.push({ repo, branch: 'feature', commits: 1 }));
      alter(match, change, times);
      await mirror.sweep().catch(() => undefined);
      expect(await mirror.rows(live)).toEqual([whole]);
    }
    between.alter = null;
    await unannounced(() => control.push({ repo, commits: 1 }));
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('leaves the rows as they were when a verification finds everything gone at once', async () => {
    alter(/\/(branches|commits|issues|pulls)\?/, empty);
    await mirror.verify().catch(() => undefined);
    expect(await mirror.rows(live)).toEqual([whole]);
  });

  it('leaves no pull request with a renamed base branch behind, however often requests for it fail', async () => {
    await unannounced(() => control.createBranch({ repo, branch: 'next' }));
    await mirror.sweep();
    await unannounced(() => control.openPull({ repo, head: 'other', base: 'next', title: 'Swim' }));
    await mirror.sweep();
    await unannounced(() => control.renameBranch({ repo, from: 'next', to: 'later' }));
    alter(/\/pulls\/\d+/, (answer) => {
      answer.status = 502;
      answer.body = '{}';
    });
    await mirror.sweep().catch(() => undefined);
    between.alter = null;
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
