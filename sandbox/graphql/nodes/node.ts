/** Things by their global node id. */
import type { Json } from '../../shapes/context.ts';
import { networkOf } from '../../world/lookup.ts';
import { readNodeId, type NodeRef } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { notFound } from '../errors.ts';
import { demand, sees, type Reading } from '../viewer.ts';
import { labelNode } from './label.ts';

/** The node of that id. Throws GraphQLError NOT_FOUND for what is not there and for what the viewer may not see. */
export function nodeOf(viewer: Reading, id: string): Json {
  const ref = readNodeId(id);
  const node = ref && find(viewer, ref);
  if (!node) throw notFound(`Could not resolve to a node with the global id of '${id}'`);
  return node;
}

function find(viewer: Reading, ref: NodeRef): Json | null {
  const { state } = viewer.context.world;
  if (ref.kind === 'repository') {
    const repository = ref.scope === null ? state.repositories.get(Number(ref.id)) : undefined;
    return repository && sees(viewer, repository) ? viewer.show.repository(repository) : null;
  }
  if (ref.scope === null) {
    const account = state.accounts.get(Number(ref.id));
    return account && !account.deleted ? viewer.show.account(account) : null;
  }
  const home = state.repositories.get(ref.scope);
  return home && sees(viewer, home) ? inside(viewer, home, ref) : null;
}

function inside(viewer: Reading, repository: Repository, { kind, id }: NodeRef): Json | null {
  const { world } = viewer.context;
  if (kind === 'issue' || kind === 'pull') {
    const place = world.index[kind === 'issue' ? 'issues' : 'pulls'].get(Number(id));
    const item = place?.repositoryId === repository.id ? repository.issues.get(place.number) : undefined;
    if (!item || (item.pull === null) !== (kind === 'issue')) return null;
    demand(viewer, repository, kind === 'issue' ? 'issues' : 'pull_requests');
    return viewer.show.item(repository, item);
  }
  if (kind === 'label') {
    const label = repository.labels.get(Number(id));
    return label ? labelNode(viewer, repository, label) : null;
  }
  if (kind !== 'commit' && kind !== 'ref') return null;
  demand(viewer, repository, 'contents');
  if (kind === 'ref') return repository.refs.has(String(id)) ? viewer.show.ref(repository, String(id)) : null;
  const commit = networkOf(world, repository).commits.get(String(id));
  return commit ? viewer.show.commit(repository, commit) : null;
}
