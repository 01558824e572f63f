import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import { read } from '../answers.ts';
import type { GitHubSession } from '../session/session.ts';
import { countPoints } from '../session/usage.ts';

// A connection under 100 parents: 2 points for 100 pull requests
// (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
const QUERY = `query CommentCounts($id: ID!, $first: Int!, $after: String) {
  rateLimit { cost }
  node(id: $id) {
    ... on Repository {
      pullRequests(first: $first, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
        pageInfo { hasNextPage endCursor }
        nodes { number updatedAt totalCommentsCount comments { totalCount } }
      }
    }
  }
}`;

const schema = z.object({
  data: z.object({
    rateLimit: z.object({ cost: z.number() }).nullish(),
    node: z
      .object({
        pullRequests: z
          .object({
            pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
            nodes: z.array(z.unknown()),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

const pullRequest = z.object({
  number: z.number(),
  updatedAt: z.string(),
  totalCommentsCount: z.number().nullish(),
  comments: z.object({ totalCount: z.number() }),
});

/** How many comments GitHub counts of a pull request. */
export interface PullRequestCounts {
  number: number;
  /** of its conversation */
  comments: number;
  /** on its lines; null where GitHub does not say */
  reviewComments: number | null;
}

/** At most so many in one question; halved where GitHub cannot answer it. */
const MOST = 100;
const LEAST = 12;

/**
 * The counts of the pull requests of a repository that changed at or after `since`, latest first.
 *
 * @param expected so many are known to have changed: no more are asked for at once
 * @throws SyncError
 */
export async function pullRequestCounts(
  session: GitHubSession,
  nodeId: string,
  since: string,
  expected: number,
): Promise<PullRequestCounts[]> {
  const counts: PullRequestCounts[] = [];
  let first = Math.min(MOST, Math.max(1, expected));
  let after: string | null = null;
  for (;;) {
    const list = await ask(session, { id: nodeId, first, after });
    if (list === null) {
      first = Math.ceil(first / 2);
      continue;
    }
    for (const node of list.nodes) {
      const one = pullRequest.safeParse(node).data;
      if (one === undefined) continue;
      if (Date.parse(one.updatedAt) < Date.parse(since)) return counts;
      const all = one.totalCommentsCount ?? null;
      const comments = one.comments.totalCount;
      counts.push({ number: one.number, comments, reviewComments: all === null ? null : all - comments });
    }
    const { hasNextPage, endCursor } = list.pageInfo;
    if (!hasNextPage || typeof endCursor !== 'string' || endCursor === after) return counts;
    if (counts.length >= expected) return counts;
    after = endCursor;
  }
}

/** One page; null when GitHub cannot make it and a smaller one can be asked for. */
async function ask(session: GitHubSession, variables: { id: string; first: number; after: string | null }) {
  try {
    const answer = await session.graphql(QUERY, variables, 'node.pullRequests.nodes');
    const { data } = read(schema, answer.data, 'GraphQL counts');
    countPoints(data.rateLimit?.cost ?? 1);
    const list = data.node?.pullRequests;
    if (!list) throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL counts: the pull requests are missing');
    return list;
  } catch (error) {
    const isTooMuch = error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
    if (isTooMuch && variables.first > LEAST) return null;
    throw error;
  }
}
