/** Reviews by GraphQL. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/int32.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import { association } from '../accounts/account.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { commentConnection } from '../review-comments/review-comment-node.ts';
import { submittedReviews } from './review-visibility.ts';
import { pullOf, type Review } from './review.ts';
import { commentsOfReview } from '../review-comments/review-comment.ts';

interface ReviewArgs extends PageArgs {
  states?: readonly string[] | null;
  author?: string | null;
}

/** `reviews` of a `PullRequest`. */
export function reviewFields(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { accounts } = viewer.context.world.state;
  return {
    reviews: ({ states, author, ...args }: ReviewArgs) =>
      connection(args, {
        items: submittedReviews(pull)
          .filter((one) => !states || states.includes(one.state.toUpperCase()))
          .filter((one) => !author || accounts.get(one.authorId ?? 0)?.login === author),
        order: byPosition,
        node: (one) => reviewNode(viewer, repository, issue, one),
      }),
  };
}

/** `PullRequestReview`. */
export function reviewNode(viewer: Reading, repository: Repository, issue: Issue, shown: Review): Json {
  const { world } = viewer.context;
  const commit = networkOf(world, repository).commits.get(shown.commitId);
  const path = `/${fullName(world, repository)}/pull/${issue.number}#pullrequestreview-${shown.id}`;
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', shown.id, repository.id),
    databaseId: int32(shown.id),
    fullDatabaseId: String(shown.id),
    state: shown.state.toUpperCase(),
    body: shown.body ?? '',
    bodyText: shown.body ?? '',
    url: HTML + path,
    resourcePath: path,
    createdAt: iso(shown.createdAt),
    updatedAt: iso(shown.updatedAt),
    submittedAt: isoOrNull(shown.submittedAt),
    author: () => actorNode(viewer, shown.authorId),
    authorAssociation: () => association(world, repository, shown.authorId),
    commit: () => commit && viewer.show.commit(repository, commit),
    repository: () => viewer.show.repository(repository),
    pullRequest: () => viewer.show.item(repository, issue),
    comments: (args: PageArgs) => {
      const items = commentsOfReview(pullOf(issue), shown.id);
      return commentConnection(viewer, repository, issue, items, args);
    },
  };
}
