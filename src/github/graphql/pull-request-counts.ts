import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import { read } from '../answers.ts';
import { endsOf } from '../pages/arrived-page.ts';
import { createCircleGuard } from '../pages/pages.ts';
import type { Patience } from '../session/sender.ts';
import type { GitHubSession } from '../session/session.ts';
import { costAnswer, countCost } from './cost.ts';
import { ONCE } from './query-nodes.ts';

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
    rateLimit: costAnswer,
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

/** GitHub's comment counts for a pull request. */
export interface PullRequestCounts {
  number: number;
  /** in its conversation */
  comments: number;
  /** on its lines; null if GitHub does not say */
  reviewComments: number | null;
}

/** At most this many per query, fewer if GitHub cannot answer it. */
const MOST = 100;
const SHRINK = 5;

/**
 * The counts of the pull requests that changed at or after `since`, latest first, up to one that GitHub cannot
 * answer even by itself, or until the list loops.
 *
 * @param expected how many are known to have changed: no more are requested at once
 * @throws SyncError if none are answered
 */
export async function pullRequestCounts(
  session: GitHubSession,
  nodeId: string,
  since: string,
  expected: number,
): Promise<PullRequestCounts[]> {
  const counts: PullRequestCounts[] = [];
  const leadsBack = createCircleGuard();
  let first = Math.min(MOST, Math.max(1, expected));
  let patience: Patience | undefined;
  let after: string | null = null;
  for (;;) {
    const list = await ask(session, { id: nodeId, first, after }, patience);
    if (list instanceof SyncError) {
      if (first === 1 && counts.length === 0) throw list;
      if (first === 1) return counts;
      first = Math.ceil(first / SHRINK);
      patience = ONCE;
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
    const isEndless = leadsBack({
      url: after ?? 'first',
      ends: endsOf(list.nodes),
      isEmpty: list.nodes.length === 0,
    });
    if (isEndless || !hasNextPage || typeof endCursor !== 'string') return counts;
    if (counts.length >= expected) return counts;
    after = endCursor;
  }
}

/** One page, or why there is none if a smaller one can be requested. */
async function ask(
  session: GitHubSession,
  variables: { id: string; first: number; after: string | null },
  patience: Patience | undefined,
) {
  try {
    const answer = await session.graphql(QUERY, variables, 'node.pullRequests.nodes', patience);
    const { data } = read(schema, answer.data, 'GraphQL counts');
    countCost(data.rateLimit);
    const list = data.node?.pullRequests;
    if (!list) throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL counts: the pull requests are missing');
    return list;
  } catch (error) {
    if (error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE') return error;
    throw error;
  }
}
