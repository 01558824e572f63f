import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { RefChange } from '../../src/github/payloads/payloads.ts';
import { followBranches } from '../../src/sync/listings/follow-branches.ts';

/** A branch's life: heads one after another (null: deleted), none of them twice. */
const life = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 8 })
  .map((numbers) => numbers.map((number) => (number % 9 === 0 ? null : `sha${number}`)))
  .filter((heads) => heads.filter((head) => head === null).length <= 1);

function changesOf(heads: readonly (string | null)[]): RefChange[] {
  return heads
    .slice(1)
    .map((after, index) => ({ branch: 'main', tag: null, before: heads[index] ?? null, after }));
}

describe('followBranches', () => {
  it('finds where pushes lead, in any order and however often delivered', () => {
    const cases = life.chain((heads) =>
      fc.record({
        heads: fc.constant(heads),
        delivered: fc
          .shuffledSubarray([...changesOf(heads), ...changesOf(heads)], { minLength: (heads.length - 1) * 2 })
          .filter((list) => list.length > 0),
      }),
    );
    fc.assert(
      fc.property(cases, ({ heads, delivered }) => {
        const [first = null] = heads;
        const last = heads.at(-1) ?? null;
        const { written, deleted } = followBranches(delivered, new Map([['main', first]]));
        expect(written).toEqual(last === null || last === first ? [] : [{ name: 'main', head_sha: last }]);
        expect(deleted).toEqual(last === null && first !== null ? ['main'] : []);
      }),
    );
  });

  it('ignores a change that does not follow the stored head', () => {
    const change: RefChange = { branch: 'main', tag: null, before: 'a', after: 'b' };
    expect(followBranches([change], new Map([['main', 'z']]))).toEqual({ written: [], deleted: [] });
  });

  it('terminates for pushes that form a cycle', () => {
    const name = fc.constantFrom('a', 'b', 'c', null);
    const change = fc.record({
      branch: fc.constantFrom('x', 'y', null),
      before: name,
      after: fc.option(name, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), name, (refs, start) => {
        const { written, deleted } = followBranches(refs, new Map([['x', start]]));
        expect(written.length + deleted.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
