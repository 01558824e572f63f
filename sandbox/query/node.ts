/** Things by their global node id. */
import type { Json } from '../world/context.ts';
import { readNodeId, type NodeRef } from '../world/node-id.ts';
import { accountPrefixes } from '../resources/accounts/user-shape.ts';
import { resources } from '../resources/index.ts';
import { notFound } from '../graphql/errors.ts';
import { sees, type Reading } from '../graphql/viewer.ts';

/** Objects inside a repository, by the prefix of their node id. */
const nodes = new Map(resources.flatMap(({ nodes: own = {} }) => Object.entries(own)));

/** How the node ids of accounts begin. */
const ACCOUNTS: ReadonlySet<string> = new Set(Object.values(accountPrefixes));

/** The node of that id. Throws GraphQLError NOT_FOUND for what is not there and for what the viewer may not see. */
export function nodeOf(viewer: Reading, id: string): Json {
  const ref = readNodeId(id);
  const node = ref && find(viewer, ref);
  if (!node) throw notFound(`Could not resolve to a node with the global id of '${id}'`);
  return node;
}

function find(viewer: Reading, ref: NodeRef): Json | null {
  const { state } = viewer.context.world;
  if (ref.prefix === 'R') {
    const repository = ref.scope === null ? state.repositories.get(Number(ref.id)) : undefined;
    return repository && sees(viewer, repository) ? viewer.show.repository(repository) : null;
  }
  if (ref.scope === null) {
    if (!ACCOUNTS.has(ref.prefix)) return null;
    const account = state.accounts.get(Number(ref.id));
    return account && !account.deleted ? viewer.show.account(account) : null;
  }
  const home = state.repositories.get(ref.scope);
  return home && sees(viewer, home) ? (nodes.get(ref.prefix)?.(viewer, home, ref.id) ?? null) : null;
}
