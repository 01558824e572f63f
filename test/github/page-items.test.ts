import { describe, expect, it } from '@jest/globals';
import { itemsOf, withItems } from '../../src/github/pages/page-items.ts';

const wrapped = { total_count: 2, repository_selection: 'all', repositories: [1, 2] };

describe('the rows of a page', () => {
  it.each([
    [[1, 2]],
    [wrapped],
    [{ total_count: 2, environments: [1, 2] }],
    [{ workflow_runs: [1, 2], total_count: 2 }],
  ])('are read from %j', (data) => {
    expect(itemsOf(data)).toEqual([1, 2]);
    expect(itemsOf(withItems(data, [3]))).toEqual([3]);
  });

  it.each([
    [null],
    ['text'],
    [{}],
    [{ message: 'Not Found', errors: [] }],
    [{ total_count: 2 }],
    [{ total_count: 2, a: [], b: [] }],
  ])('are not read from %j', (data) => {
    expect(itemsOf(data)).toBeNull();
  });

  it('are replaced without what counts them', () => {
    expect(withItems(wrapped, [])).toEqual({ ...wrapped, repositories: [] });
  });
});
