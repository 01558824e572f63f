import { z } from 'zod';
import type { WideProbe } from '../../model.ts';
import type { Entity } from '../../entities/entity.ts';
import { furtherKinds } from '../../entities/index.ts';
import { nodesIn, orNothing } from './query-nodes.ts';
import type { GitHubSession } from '../session/session.ts';

const probed = furtherKinds.filter(({ probe }) => probe.length > 0);

/**
 * A connection of each kind under 100 parents: with four of them (1 + 4 × 100) / 100 = 4 points for 100 repositories
 * (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
 */
function queryOf(kinds: readonly Entity[]): string {
  const fields = kinds.flatMap(({ name, probe }) =>
    probe.map((field, at) => `${aliasOf(name, at)}: ${field}`),
  );
  return `query WideProbe($ids: [ID!]!) {
    rateLimit { cost }
    nodes(ids: $ids) { __typename ... on Repository { databaseId ${fields.join(' ')} } }
  }`;
}

function aliasOf(kind: string, at: number): string {
  return `${kind}_${at}`;
}

const node = z.object({ databaseId: z.number().nullish() }).catchall(z.unknown());

/**
 * The number and the newest of the kinds that every sweep's query does not include, in at most a hundred
 * repositories, by repository id. One of which nothing can be read is left out.
 *
 * @param on the further kinds that are mirrored for the installation
 * @returns null if the token may not query all of it
 */
export async function wideProbe(
  session: GitHubSession,
  repositories: readonly { id: number; node_id: string }[],
  on: ReadonlySet<string>,
): Promise<Map<number, WideProbe> | null> {
  const kinds = probed.filter(({ name }) => on.has(name));
  const ids = repositories.map(({ node_id }) => node_id);
  const answer = await orNothing(session.graphql(queryOf(kinds), { ids }, 'nodes'));
  if (answer === null) return null;
  const nodes = nodesIn(answer, ids, 'GraphQL wide probe');
  const probes = new Map<number, WideProbe>();
  for (const [index, { id }] of repositories.entries()) {
    const shown = node.safeParse(nodes[index]).data;
    if (shown === undefined || (typeof shown.databaseId === 'number' && shown.databaseId !== id)) continue;
    const signs = kinds.flatMap(({ name, probe }): [string, string][] => {
      const [first, ...rest] = probe.map((_field, at) => shown[aliasOf(name, at)]);
      if (first === null || first === undefined) return [];
      return [[name, JSON.stringify(rest.length === 0 ? first : [first, ...rest])]];
    });
    probes.set(id, { signs: Object.fromEntries(signs), asked_at: answer.date });
  }
  return probes;
}
