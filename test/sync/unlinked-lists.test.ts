import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

describe('lists behind a proxy that passes on no Link headers', () => {
  it.each([
    ['of more than a page', 130],
    ['of exactly two pages', 200],
  ])('are read to their end: %s', async (_words, count) => {
    control.addFault({ action: { kind: 'omit-headers', names: ['link'] } });
    const list = { repo, count };
    control.growIssues(list);
    control.growPulls(list);
    control.growCommits(list);
    control.growComments({ ...list, number: 1 });
    for (let n = 0; n < 105; n += 1) control.createLabel({ repo, name: `label ${n}` });
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
