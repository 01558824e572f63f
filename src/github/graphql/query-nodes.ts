import { z } from 'zod';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import { read } from '../answers.ts';
import { failedAt } from '../session/graphql-errors.ts';
import type { GitHubSession } from '../session/session.ts';
import { costAnswer, countCost } from './cost.ts';

const schema = z.object({
  data: z.object({ rateLimit: costAnswer, nodes: z.array(z.unknown()) }),
});

export interface NodesAnswer {
  /** in the requested order; null for one that GitHub does not show */
  nodes: unknown[];
  /** the positions of those that are null because GitHub failed: they may well exist */
  failures: ReadonlySet<number>;
  date: string;
}

/**
 * Queries GraphQL's `nodes(ids:)`.
 *
 * @throws SyncError GITHUB_UNAVAILABLE if it is too much, GITHUB_BAD_ANSWER unless there is one answer per id
 */
export async function queryNodes(
  session: GitHubSession,
  query: string,
  variables: { ids: readonly string[] } & Record<string, unknown>,
): Promise<NodesAnswer> {
  const answer = await session.graphql(query, variables, 'nodes');
  const { data } = read(schema, answer.data, 'GraphQL nodes');
  countCost(data.rateLimit);
  const { ids } = variables;
  if (data.nodes.length !== ids.length)
    throw new SyncError('GITHUB_BAD_ANSWER', `GraphQL nodes: ${data.nodes.length} answers to ${ids.length}`);
  return { nodes: data.nodes, failures: failedAt(answer.data, 'nodes'), date: answer.date };
}

/** The answer of a query about many repositories; null if the token may not query all of it. */
export async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof SyncError && /^(PERMISSION_MISSING|ACCESS_REFUSED)$/.test(error.code)) return null;
    throw error;
  }
}

/** Whether a failed query can be ignored because REST or the next comparison finds the same. */
export function isUnanswered(error: unknown): error is SyncError {
  return isUnusableAnswer(error) || (error instanceof SyncError && error.code === 'GRAPHQL_UNAVAILABLE');
}
