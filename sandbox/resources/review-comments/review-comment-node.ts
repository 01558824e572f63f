/** Comments on lines by GraphQL. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/int32.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { iso } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { association } from '../accounts/account.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { pullOf } from '../reviews/review.ts';
import { placeOf, type ReviewComment } from './review-comment.ts';

/** `PullRequestReviewCommentConnection`. */
export function commentConnection(
  viewer: Reading,
  repository: Repository,
  issue: Issue,
  items: ReviewComment[],
  args: PageArgs,
): Json {
  const node = (one: ReviewComment) => reviewCommentNode(viewer, repository, issue, one);
  return connection(args, { items, order: byPosition, node });
}

function reviewCommentNode(
  viewer: Reading,
  repository: Repository,
  issue: Issue,
  comment: ReviewComment,
): Json {
  const { world } = viewer.context;
  const { commits } = networkOf(world, repository);
  const pull = pullOf(issue);
  const path = `/${fullName(world, repository)}/pull/${issue.number}#discussion_r${comment.id}`;
  const place = () => placeOf(world, repository, pull, comment);
  const original = commits.get(comment.originalCommitId);
  return {
    __typename: 'PullRequestReviewComment',
    id: nodeId('PRRC', comment.id, repository.id),
    databaseId: int32(comment.id),
    fullDatabaseId: String(comment.id),
    body: comment.body,
    bodyText: comment.body,
    path: comment.path,
    url: HTML + path,
    resourcePath: path,
    createdAt: iso(comment.createdAt),
    draftedAt: iso(comment.createdAt),
    publishedAt: iso(comment.updatedAt),
    updatedAt: iso(comment.updatedAt),
    state: 'SUBMITTED',
    isMinimized: false,
    originalLine: comment.originalLine,
    line: () => place().line,
    outdated: () => place().outdated,
    subjectType: comment.originalLine === null ? 'FILE' : 'LINE',
    author: () => actorNode(viewer, comment.authorId),
    authorAssociation: () => association(world, repository, comment.authorId),
    originalCommit: () => original && viewer.show.commit(repository, original),
    replyTo: () => {
      const first = pull.reviewComments.find(({ id }) => id === comment.inReplyToId);
      return first && reviewCommentNode(viewer, repository, issue, first);
    },
    repository: () => viewer.show.repository(repository),
    pullRequest: () => viewer.show.item(repository, issue),
  };
}
