import { z } from 'zod';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import { read } from '../answers.ts';
import { failedAt } from '../session/graphql-errors.ts';
import type { Patience } from '../session/sender.ts';
import type { Answer } from '../session/answer.ts';
import type { GitHubSession } from '../session/session.ts';
import { costAnswer, countCost } from './cost.ts';

const nodesAnswer = z.object({
  data: z.object({ rateLimit: costAnswer, nodes: z.array(z.unknown()) }),
});
const nodeAnswer = z.object({
  data: z.object({ rateLimit: costAnswer, node: z.record(z.string(), z.unknown()).nullable() }),
});

/** For a query that is repeated in smaller parts, or without a part, if it fails: that serves as the retry. */
export const ONCE: Patience = { retries: 0, withinMs: 15_000 };

/**
 * The objects in the answer to a query of `nodes(ids:)`, in the requested order. Counts its cost.
 *
 * @throws SyncError GITHUB_BAD_ANSWER unless there is one for each id
 */
export function nodesIn({ data: answer }: Answer, ids: readonly string[], what: string): unknown[] {
  const { data } = read(nodesAnswer, answer, what);
  countCost(data.rateLimit);
  if (data.nodes.length !== ids.length)
    throw new SyncError('GITHUB_BAD_ANSWER', `${what}: ${data.nodes.length} answers to ${ids.length}`);
  return data.nodes;
}

/**
 * The fields of a repository in the answer to a query of `node(id:)`. Counts its cost.
 *
 * @throws SyncError GITHUB_BAD_ANSWER if GitHub does not show the repository
 */
export function nodeIn({ data: answer }: Answer, what: string): Record<string, unknown> {
  const { data } = read(nodeAnswer, answer, what);
  countCost(data.rateLimit);
  if (data.node === null) throw new SyncError('GITHUB_BAD_ANSWER', `${what}: the repository is missing`);
  return data.node;
}

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
  const nodes = nodesIn(answer, variables.ids, 'GraphQL nodes');
  return { nodes, failures: failedAt(answer.data, 'nodes'), date: answer.date };
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
