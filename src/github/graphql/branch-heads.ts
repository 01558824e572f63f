import { z } from 'zod';
import type { GitHubSession } from '../session/session.ts';
import { nodeIn } from './query-nodes.ts';

/** As many as GraphQL answers in one query for one point; each is a lookup by name. */
export const MAX_HEADS = 100;

const ref = z.object({ target: z.object({ oid: z.string() }) }).nullable();

/**
 * The heads of a repository's branches, requested by name: at most `MAX_HEADS` of them. Null for one that
 * GraphQL does not know; unreadable ones are left out.
 *
 * @throws SyncError GITHUB_BAD_ANSWER if the repository itself is not shown
 */
export async function branchHeads(
  session: GitHubSession,
  nodeId: string,
  names: readonly string[],
): Promise<Map<string, string | null>> {
  const variables = names.map((_, index) => `$n${index}: String!`).join(', ');
  const fields = names
    .map((_, index) => `r${index}: ref(qualifiedName: $n${index}) { target { oid } }`)
    .join('\n');
  const query = `query BranchHeads($id: ID!, ${variables}) {
    rateLimit { cost }
    node(id: $id) { ... on Repository { ${fields} } }
  }`;
  const asked = Object.fromEntries(names.map((name, index) => [`n${index}`, `refs/heads/${name}`]));
  const answer = await session.graphql(query, { id: nodeId, ...asked }, 'node');
  const node = nodeIn(answer, 'GraphQL branches');
  const heads = new Map<string, string | null>();
  for (const [index, name] of names.entries()) {
    const shown = ref.safeParse(node[`r${index}`]);
    if (shown.success) heads.set(name, shown.data?.target.oid ?? null);
  }
  return heads;
}
