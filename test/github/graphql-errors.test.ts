import { expect, it } from '@jest/globals';
import { failedAt } from '../../src/github/session/graphql-errors.ts';

it('distinguishes elements that could not be shown from those that GitHub does not have', () => {
  const answer = {
    data: { nodes: [null, { id: 'a' }, null, null] },
    errors: [
      { type: 'NOT_FOUND', message: 'Could not resolve to a node', path: ['nodes', 0] },
      { message: 'Something went wrong while executing your query', path: ['nodes', 2] },
      { type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: ['nodes', 3, 'reviews'] },
      { type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: ['node', 1] },
      { type: 'FORBIDDEN', message: 'Resource not accessible by integration', path: ['nodes'] },
    ],
  };
  expect([...failedAt(answer, 'nodes')]).toEqual([2, 3]);
  expect([...failedAt({ data: { nodes: [] } }, 'nodes')]).toEqual([]);
});
