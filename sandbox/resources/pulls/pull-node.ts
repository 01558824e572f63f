/** `PullRequest`. */
import type { Json } from '../../world/context.ts';
import { statsOf } from '../commits/commit-shape.ts';
import { pullCommits } from './pull-shape.ts';
import { HEADS } from '../branches/branch.ts';
import { isoOrNull } from '../../world/clock.ts';
import { commentCount } from '../issues/comment-count.ts';
import { networkOf } from '../../world/lookup.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import { stateOf } from '../issues/issue-filter.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { conversation } from '../issues/conversation-fields.ts';
import { reviewThreadFields } from '../review-comments/review-thread-node.ts';
import { reviewRequestFields } from './review-request-node.ts';
import { visibleComments } from '../reviews/review-visibility.ts';
import { reviewFields } from '../reviews/review-node.ts';
import { pullTimeline } from './pull-timeline.ts';
import { pullLists } from './pull-lists.ts';
import { actorNode, relatedRepository } from '../repositories/related-repository.ts';

/** A pull request. `mergeCommit` is null until merged; the head's name and sha stay when its repository is gone. */
export function pullNode(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { world } = viewer.context;
  const merged = pull.mergedAt !== null;
  const stats = () => changesOf(viewer, repository, pull);
  const head = world.state.repositories.get(pull.headRepoId);
  return {
    __typename: 'PullRequest',
    ...conversation(viewer, repository, issue, pull.id),
    state: stateOf(issue),
    isDraft: pull.draft,
    merged,
    mergedAt: isoOrNull(pull.mergedAt),
    mergedBy: () => actorNode(viewer, pull.mergedById),
    mergeCommit: () => (merged ? commitOrNull(viewer, repository, pull.mergeCommitSha) : null),
    mergeable: mergeable(issue, pull),
    additions: () => stats().additions,
    deletions: () => stats().deletions,
    changedFiles: () => stats().changedFiles,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    baseRef: () => refOrNull(viewer, repository, pull.baseRef),
    baseRepository: () => relatedRepository(viewer, repository.id),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    headRef: () => (head ? refOrNull(viewer, head, pull.headRef) : null),
    headRepository: () => relatedRepository(viewer, pull.headRepoId),
    headRepositoryOwner: () => actorNode(viewer, head?.ownerId ?? pull.headOwnerId),
    isCrossRepository: pull.headRepoId !== repository.id,
    maintainerCanModify: false,
    reviewDecision: null,
    totalCommentsCount:
      commentCount(world, issue, viewer.context.commentLagMs) + visibleComments(pull).length,
    ...pullLists(viewer, repository, issue, pull),
    ...pullTimeline(viewer, repository, issue, pull),
    ...reviewFields(viewer, repository, issue, pull),
    ...reviewThreadFields(viewer, repository, issue, pull),
    ...reviewRequestFields(viewer, repository, issue, pull),
  };
}

function mergeable(issue: Issue, pull: Pull): string {
  if (issue.state !== 'open') return 'UNKNOWN';
  return pull.mergeable ? 'MERGEABLE' : 'CONFLICTING';
}

function commitOrNull(viewer: Reading, repository: Repository, sha: string | null): Json | null {
  const commit = networkOf(viewer.context.world, repository).commits.get(sha ?? '');
  return commit ? viewer.show.commit(repository, commit) : null;
}

function refOrNull(viewer: Reading, repository: Repository, branch: string): Json | null {
  return repository.refs.has(HEADS + branch) ? viewer.show.ref(repository, HEADS + branch) : null;
}

function changesOf(viewer: Reading, repository: Repository, pull: Pull) {
  const { commits } = networkOf(viewer.context.world, repository);
  const files = pullCommits(viewer.context, repository, pull).flatMap((sha) => commits.get(sha)?.files ?? []);
  return { ...statsOf(files), changedFiles: new Set(files.map(({ path }) => path)).size };
}
