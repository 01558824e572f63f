import { beforeEach, describe, expect, it } from '@jest/globals';
import { questionsDuring } from '../support/between.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

/** Four pages of the list, of which the Git refs take one request and the protected ones another. */
beforeEach(async () => {
  await unannounced(() => {
    for (let n = 100; n < 450; n += 1) control.createBranch({ repo, branch: `b${n}` });
    control.protectBranch({ repo, branch: 'b100', protected: true });
    control.protectBranch({ repo, branch: 'b101', protected: true });
  });
  await mirror.sweep();
});

/** The sweep's requests for branches, with how many there were of each. */
async function askedForBranches(): Promise<Record<string, number>> {
  const asked = await questionsDuring(between, () => mirror.sweep());
  const counts: Record<string, number> = {};
  for (const one of asked) {
    const [, path] = /(\/branches.*|\/git\/.*)$/.exec(one) ?? [];
    if (path !== undefined) counts[path] = (counts[path] ?? 0) + 1;
  }
  return counts;
}

const refs = '/git/matching-refs/heads';

describe('the branches of a repository that has hundreds', () => {
  it('are compared by two requests, and one for each that is new, gone or no longer protected', async () => {
    await unannounced(() => {
      control.push({ repo, branch: 'b200', commits: 1 });
      control.protectBranch({ repo, branch: 'b300', protected: true });
    });
    expect(await askedForBranches()).toEqual({ [refs]: 1, '/branches': 1 });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    await unannounced(() => {
      control.createBranch({ repo, branch: 'new' });
      control.deleteBranch({ repo, branch: 'b400' });
      control.protectBranch({ repo, branch: 'b100', protected: false });
    });
    expect(await askedForBranches()).toEqual({
      [refs]: 1,
      '/branches': 1,
      '/branches/new': 1,
      '/branches/b100': 1,
      '/branches/b400': 1,
    });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are listed where more are new than the refs spare requests', async () => {
    await unannounced(() => {
      for (let n = 0; n < 5; n += 1) control.createBranch({ repo, branch: `new${n}` });
    });
    expect(await askedForBranches()).toEqual({ [refs]: 1, '/branches': 5 });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it.each([
    ['are none', '[]'],
    ['cannot be read', '[{"ref":"refs/heads/b100"}]'],
    ['are those of something else', '[{"ref":"refs/heads-of/b100","object":{"sha":"1"}}]'],
    ['are no list', '{}'],
  ])('are listed where GitHub’s refs %s', async (_what, body) => {
    await unannounced(() => control.push({ repo, branch: 'b200', commits: 1 }));
    const before = between.requests.length;
    between.alter = (answer) => {
      if (answer.request.includes(refs)) answer.body = body;
    };
    await mirror.sweep();
    const listed = between.requests.slice(before).filter((one) => one.includes('/branches?per_page=100'));
    expect(listed).toHaveLength(4);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('lose nothing to refs of which GitHub shows only a part', async () => {
    await unannounced(() => control.push({ repo, branch: 'b200', commits: 1 }));
    between.alter = (answer) => {
      if (!answer.request.includes(refs)) return;
      const all: unknown = JSON.parse(answer.body);
      answer.body = JSON.stringify(Array.isArray(all) ? all.slice(0, 30) : all);
    };
    await mirror.sweep();
    expect(await mirror.rows('select name from branches where deleted_at is not null')).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('stay protected if the list of those that are is empty once', async () => {
    await unannounced(() => control.push({ repo, branch: 'b200', commits: 1 }));
    const before = between.requests.length;
    between.alter = (answer) => {
      if (answer.request.includes('protected=true')) answer.body = '[]';
    };
    await mirror.sweep();
    between.alter = null;
    expect(between.requests.slice(before).filter((one) => /branches\/b10[01]$/.test(one))).toHaveLength(2);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are marked as deleted although an older list of those that are protected shows them', async () => {
    let older = '';
    between.alter = (answer) => {
      if (answer.request.includes('protected=true')) older = answer.body;
    };
    await unannounced(() => control.push({ repo, branch: 'b200', commits: 1 }));
    await mirror.sweep();
    await unannounced(() => {
      control.protectBranch({ repo, branch: 'b100', protected: false });
      control.deleteBranch({ repo, branch: 'b100' });
    });
    between.alter = (answer) => {
      if (answer.request.includes('protected=true')) answer.body = older;
    };
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are listed in a verification', async () => {
    const asked = await questionsDuring(between, () => mirror.verify());
    expect(asked.filter((one) => one.includes('matching-refs'))).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
