/** Conversations on lines by GraphQL. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import type { Reading } from '../../graphql/viewer.ts';
import type { Json } from '../../world/context.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { commentsOfThread, visibleThreads } from '../reviews/review-visibility.ts';
import { pullOf } from '../reviews/review.ts';
import { commentConnection } from './review-comment-node.ts';
import { placeOf, type ReviewThread } from './review-comment.ts';

/** `reviewThreads` of a `PullRequest`. */
export function reviewThreadFields(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  return {
    reviewThreads: (args: PageArgs) =>
      connection(args, {
        items: visibleThreads(pull),
        order: byPosition,
        node: (thread) => reviewThreadNode(viewer, repository, issue, thread),
      }),
  };
}

/** `PullRequestReviewThread`: no time tells when it was resolved. */
export function reviewThreadNode(
  viewer: Reading,
  repository: Repository,
  issue: Issue,
  thread: ReviewThread,
): Json {
  const pull = pullOf(issue);
  const comments = commentsOfThread(pull, thread.id);
  const [first] = comments;
  const place = first && placeOf(viewer.context.world, repository, pull, first);
  return {
    __typename: 'PullRequestReviewThread',
    id: nodeId('PRRT', thread.id, repository.id),
    isResolved: thread.resolvedById !== null,
    isCollapsed: thread.resolvedById !== null,
    isOutdated: place?.outdated ?? false,
    resolvedBy: () => actorNode(viewer, thread.resolvedById),
    path: first?.path ?? '',
    line: place?.line ?? null,
    originalLine: first?.originalLine ?? null,
    startLine: null,
    originalStartLine: null,
    diffSide: 'RIGHT',
    startDiffSide: null,
    subjectType: first?.originalLine === null ? 'FILE' : 'LINE',
    comments: (args: PageArgs) => commentConnection(viewer, repository, issue, comments, args),
    pullRequest: () => viewer.show.item(repository, issue),
    repository: () => viewer.show.repository(repository),
  };
}
