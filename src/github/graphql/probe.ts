import { z } from 'zod';
import type { Probe, Readable } from '../../model.ts';
import type { GitHubSession } from '../session/session.ts';
import { storableTime } from '../../time.ts';
import { nodesIn, orNothing } from './query-nodes.ts';

// Two connections under 100 parents: (1 + 2 × 100) / 100 = 2 points for 100 repositories
// (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). `pushedAt`
// covers refs: a third connection would cost half as much again. `latestRelease` is not a connection and costs
// nothing.
const QUERY = `query Probe($ids: [ID!]!, $contents: Boolean!, $issues: Boolean!, $pullRequests: Boolean!) {
  rateLimit { cost }
  nodes(ids: $ids) {
    __typename
    ... on Repository {
      databaseId
      pushedAt
      defaultBranchRef @include(if: $contents) { name target { oid } }
      latestRelease @include(if: $contents) { id updatedAt }
      issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) @include(if: $issues) {
        totalCount nodes { updatedAt }
      }
      pullRequests(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) @include(if: $pullRequests) {
        totalCount nodes { updatedAt }
      }
    }
  }
}`;

const list = z.object({ totalCount: z.number(), nodes: z.array(z.unknown()).nullish() });
const newest = z.object({ updatedAt: z.string() });
const repository = z.object({
  /** an `Int` of 31 bits: null for ids above, which exist (octokit.net#2889) */
  databaseId: z.number().nullish(),
  pushedAt: z.string().nullish(),
  defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: z.string() }).nullish() }).nullish(),
  latestRelease: z.object({ id: z.string(), updatedAt: z.string() }).nullish().catch(null),
  issues: list.nullish(),
  pullRequests: list.nullish(),
});

/** GraphQL takes at most 100 ids in one `nodes` field. */
export const MAX_PROBE_SIZE = 100;

/**
 * What is new in each of at most `MAX_PROBE_SIZE` repositories, by repository id. GitHub answers in the
 * requested order. An unreadable repository is left out: nobody knows whether it changed. A kind that the App
 * may not read is not queried.
 *
 * @returns null if the token may not query all of it: the comparison of each repository shows what is refused
 * @throws SyncError GITHUB_BAD_ANSWER if the answer does not show which repository is which
 */
export async function probe(
  session: GitHubSession,
  repositories: readonly { id: number; node_id: string }[],
  may: Readable,
): Promise<Map<number, Probe> | null> {
  const ids = repositories.map(({ node_id }) => node_id);
  const answer = await orNothing(session.graphql(QUERY, { ids, ...variablesOf(may) }, 'nodes'));
  if (answer === null) return null;
  const nodes = nodesIn(answer, ids, 'GraphQL probe');
  const probes = new Map<number, Probe>();
  for (const [index, { id }] of repositories.entries()) {
    const node = repository.safeParse(nodes[index]).data;
    if (!node || (typeof node.databaseId === 'number' && node.databaseId !== id)) continue;
    probes.set(id, {
      head_sha: node.defaultBranchRef?.target?.oid ?? null,
      default_branch: node.defaultBranchRef?.name ?? null,
      pushed_at: iso(node.pushedAt),
      issues_count: node.issues?.totalCount ?? null,
      issues_updated_at: updatedAt(node.issues, answer.date),
      pull_requests_count: node.pullRequests?.totalCount ?? null,
      pull_requests_updated_at: updatedAt(node.pullRequests, answer.date),
      latest_release: node.latestRelease?.id ?? null,
      latest_release_updated_at: iso(node.latestRelease?.updatedAt),
      asked_at: answer.date,
    });
  }
  return probes;
}

function variablesOf({ contents, issues, pull_requests: pullRequests }: Readable) {
  return { contents: contents === true, issues: issues === true, pullRequests: pullRequests === true };
}

/**
 * When the newest one changed; the current time if GitHub counts some but does not show it, so that it is read.
 */
function updatedAt(of: z.output<typeof list> | null | undefined, now: string): string | null {
  if (!of || of.totalCount === 0) return null;
  return iso(newest.safeParse(of.nodes?.[0]).data?.updatedAt) ?? now;
}

function iso(time: string | null | undefined): string | null {
  return typeof time === 'string' ? storableTime(time) : null;
}
