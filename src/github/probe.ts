import { z } from 'zod';
import { SyncError } from '../errors.ts';
import type { Probe, Readable } from '../model.ts';
import type { GitHubSession } from './session.ts';
import { countPoints } from './usage.ts';
import { read } from './answers.ts';

// Two connections under 100 parents: (1 + 2 × 100) / 100 = 2 points for 100 repositories
// (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
// Refs are told by `pushedAt`: a third connection would cost half as much again.
const QUERY = `query Probe($ids: [ID!]!, $contents: Boolean!, $issues: Boolean!, $pullRequests: Boolean!) {
  rateLimit { cost }
  nodes(ids: $ids) {
    __typename
    ... on Repository {
      databaseId
      pushedAt
      defaultBranchRef @include(if: $contents) { name target { oid } }
      issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) @include(if: $issues) {
        totalCount nodes { updatedAt }
      }
      pullRequests(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) @include(if: $pullRequests) {
        totalCount nodes { updatedAt }
      }
    }
  }
}`;

const list = z.object({ totalCount: z.number(), nodes: z.array(z.object({ updatedAt: z.string() })) });
const schema = z.object({
  data: z.object({
    rateLimit: z.object({ cost: z.number() }).nullish(),
    nodes: z.array(
      z
        .object({
          databaseId: z.number(),
          pushedAt: z.string().nullish(),
          defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: z.string() }) }).nullish(),
          issues: list.optional(),
          pullRequests: list.optional(),
        })
        .nullable(),
    ),
  }),
});

/** GraphQL takes at most 100 ids in one `nodes` field. */
export const MAX_PROBE_SIZE = 100;

/**
 * What is new in each of at most `MAX_PROBE_SIZE` repositories, by repository id.
 * A repository that cannot be seen makes an error of the whole question, so that nothing is read into a hole;
 * a kind that the App may not read is not asked for.
 */
export async function probe(
  session: GitHubSession,
  nodeIds: readonly string[],
  may: Readable,
): Promise<Map<number, Probe>> {
  const answer = await session.graphql(QUERY, { ids: nodeIds, ...may });
  const { data } = read(schema, answer.data, 'GraphQL probe');
  countPoints(data.rateLimit?.cost ?? 1);
  const probes = new Map<number, Probe>();
  for (const node of data.nodes) {
    if (node === null) throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL probe: a repository is missing');
    probes.set(node.databaseId, {
      head_sha: node.defaultBranchRef?.target.oid ?? null,
      default_branch: node.defaultBranchRef?.name ?? null,
      pushed_at: iso(node.pushedAt),
      issues_count: node.issues?.totalCount ?? null,
      issues_updated_at: iso(node.issues?.nodes[0]?.updatedAt),
      pull_requests_count: node.pullRequests?.totalCount ?? null,
      pull_requests_updated_at: iso(node.pullRequests?.nodes[0]?.updatedAt),
      asked_at: answer.date,
    });
  }
  return probes;
}

function iso(time: string | null | undefined): string | null {
  return time === null || time === undefined ? null : new Date(time).toISOString();
}
