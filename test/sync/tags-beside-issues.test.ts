import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PassingAnswer } from '../support/between.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

/** So many issues that the numbers of those that are gone are asked for, rather than the list. */
beforeEach(async () => {
  await unannounced(() => {
    control.growIssues({ repo, count: 300 });
    control.pushTags({ repo, tags: { v1: 'main', v2: 'main', v3: 'main' } });
  });
  await mirror.sweep();
});

/** The sweep's GraphQL queries by name, and what happens to their answers. */
async function queriesOfSweep(change: (answer: PassingAnswer) => void = () => undefined): Promise<string[]> {
  const names: string[] = [];
  between.alter = (answer) => {
    const [, name] = /query (\w+)/.exec(answer.question) ?? [];
    if (name !== undefined) names.push(name);
    change(answer);
  };
  await mirror.sweep();
  between.alter = null;
  return names.filter((name) => name === 'IssueRanges' || name === 'Tags');
}

async function somethingGone(tags: Record<string, string>): Promise<void> {
  await unannounced(() => {
    control.deleteIssue({ repo, number: 100 });
    control.push({ repo, commits: 1 });
    control.pushTags({ repo, tags: { v1: 'main', v2: null, ...tags } });
  });
}

describe('the tags of a repository from which issues are gone', () => {
  it('are asked for beside the numbers of its issues', async () => {
    await somethingGone({ v4: 'main' });
    expect(await queriesOfSweep()).toEqual(['IssueRanges']);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are read on from there if there are more than a hundred', async () => {
    await somethingGone(Object.fromEntries(Array.from({ length: 150 }, (_one, at) => [`w${at}`, 'main'])));
    expect(await queriesOfSweep()).toEqual(['IssueRanges', 'Tags']);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it.each<[string, (answer: PassingAnswer) => void]>([
    ['GitHub gives up on both', (answer) => (answer.status = 502)],
    ['some cannot be read', (answer) => (answer.body = answer.body.replace('"name":"v3"', '"name":null'))],
  ])('are asked for by themselves if %s', async (_why, change) => {
    await somethingGone({});
    const names = await queriesOfSweep((answer) => {
      if (answer.question.includes('beside:')) change(answer);
    });
    expect(names.at(-1)).toBe('Tags');
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
