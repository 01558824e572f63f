import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import type { WideProbe } from '../../model.ts';
import { read } from '../answers.ts';
import type { GitHubSession } from '../session/session.ts';
import { countPoints } from '../session/usage.ts';

// Four connections under 100 parents: (1 + 4 × 100) / 100 = 4 points for 100 repositories
// (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). GitHub orders labels and
// releases by their creation only: an edit of an older one is found by the complete comparison.
const QUERY = `query WideProbe($ids: [ID!]!, $labels: Boolean!, $milestones: Boolean!, $releases: Boolean!, $tags: Boolean!) {
  rateLimit { cost }
  nodes(ids: $ids) {
    __typename
    ... on Repository {
      databaseId
      labels(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) @include(if: $labels) {
        totalCount nodes { name updatedAt }
      }
      milestones(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) @include(if: $milestones) {
        totalCount nodes { number updatedAt }
      }
      releases(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) @include(if: $releases) {
        totalCount nodes { tagName updatedAt }
      }
      latestRelease @include(if: $releases) { tagName updatedAt }
      tags: refs(refPrefix: "refs/tags/", first: 1, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) @include(if: $tags) {
        totalCount nodes { name target { oid } }
      }
    }
  }
}`;

const kinds = ['labels', 'milestones', 'releases', 'tags'] as const;

const node = z.object({ databaseId: z.number().nullish() }).catchall(z.unknown());
const schema = z.object({
  data: z.object({ rateLimit: z.object({ cost: z.number() }).nullish(), nodes: z.array(z.unknown()) }),
});

/**
 * The number and the newest of the kinds that the question of every sweep does not ask about, in at most a hundred
 * repositories, by repository id. One of which nothing can be read is left out.
 *
 * @param on the further kinds that are mirrored of the installation
 */
export async function wideProbe(
  session: GitHubSession,
  repositories: readonly { id: number; node_id: string }[],
  on: ReadonlySet<string>,
): Promise<Map<number, WideProbe>> {
  const asked = Object.fromEntries(kinds.map((kind) => [kind, on.has(kind)]));
  const ids = repositories.map(({ node_id }) => node_id);
  const answer = await session.graphql(QUERY, { ids, ...asked }, 'nodes');
  const { data } = read(schema, answer.data, 'GraphQL wide probe');
  countPoints(data.rateLimit?.cost ?? 1);
  if (data.nodes.length !== ids.length) {
    throw new SyncError('GITHUB_BAD_ANSWER', `GraphQL wide probe: ${data.nodes.length} of ${ids.length}`);
  }
  const probes = new Map<number, WideProbe>();
  for (const [index, { id }] of repositories.entries()) {
    const shown = node.safeParse(data.nodes[index]).data;
    if (shown === undefined || (typeof shown.databaseId === 'number' && shown.databaseId !== id)) continue;
    const signs = kinds.flatMap((kind): [string, string][] => {
      const sign = shown[kind];
      if (sign === null || sign === undefined) return [];
      return [[kind, JSON.stringify(kind === 'releases' ? [sign, shown['latestRelease']] : sign)]];
    });
    probes.set(id, { signs: Object.fromEntries(signs), asked_at: answer.date });
  }
  return probes;
}
