import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { watchPlans } from '../support/plans.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror } = useMirror();

describe('a head that is a long way off', () => {
  it('is reached in slices, each saved, without walking all of it for every page', async () => {
    const plans = await watchPlans(mirror);
    const [row] = await mirror.rows<{ id: number }>('select id from repositories');
    const id = row?.id ?? 0;
    mirror.sandbox.world.silently(() => mirror.control.forcePush({ repo, back: 2, commits: 1200 }));

    const stored: number[] = [];
    for (let state = 'unfinished'; state === 'unfinished';) {
      // A slice that is over when it begins reads one page.
      ({ state } = await mirror.sync(id, { deadline: stored.length < 3 ? 0 : Infinity }));
      const [count] = await mirror.rows<{ n: number }>('select count(*)::int as n from commits');
      stored.push(count?.n ?? 0);
    }
    expect(stored.slice(0, 3)).toEqual([103, 203, 303]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(plans.matching(/with recursive reached/).length).toBeLessThan(6);
  });
});
