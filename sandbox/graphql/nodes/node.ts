/** Things by their global node id. */
import type { Json } from '../../world/context.ts';
import { readNodeId, type NodeRef } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { notFound } from '../errors.ts';
import { demand, sees, type Reading } from '../viewer.ts';
import { milestoneNode } from '../../resources/milestones/milestone-node.ts';
import { releaseNode } from '../../resources/releases/release-node.ts';
import { reviewThreadNode } from '../../resources/review-comments/review-thread-node.ts';
import { submittedReviews, visibleThreads } from '../../resources/reviews/review-visibility.ts';
import { reviewNode } from '../../resources/reviews/review-node.ts';
import { labelNode } from '../../resources/labels/label-node.ts';
import { target } from '../../resources/branches/ref-node.ts';

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
  if (kind === 'review' || kind === 'thread') return ofPull(viewer, repository, { kind, id });
  if (kind === 'milestone') {
    const milestone = repository.milestones.get(Number(id));
    return milestone ? milestoneNode(viewer, repository, milestone) : null;
  }
  if (kind !== 'commit' && kind !== 'ref' && kind !== 'tag' && kind !== 'release') return null;
  demand(viewer, repository, 'contents');
  if (kind === 'ref') return repository.refs.has(String(id)) ? viewer.show.ref(repository, String(id)) : null;
  if (kind === 'release') {
    const release = repository.releases.get(Number(id));
    return release && !release.draft ? releaseNode(viewer, repository, release) : null;
  }
  return target(viewer, repository, String(id));
}

/** A submitted review or a conversation, in whichever pull request it is. */
function ofPull(
  viewer: Reading,
  repository: Repository,
  { kind, id }: Pick<NodeRef, 'kind' | 'id'>,
): Json | null {
  demand(viewer, repository, 'pull_requests');
  for (const issue of repository.issues.values()) {
    if (!issue.pull) continue;
    if (kind === 'review') {
      const review = submittedReviews(issue.pull).find((one) => one.id === id);
      if (review) return reviewNode(viewer, repository, issue, review);
    } else {
      if (!issue.pull.threads.some((one) => one.id === id)) continue;
      const thread = visibleThreads(issue.pull).find((one) => one.id === id);
      return thread ? reviewThreadNode(viewer, repository, issue, thread) : null;
    }
  }
  return null;
}
