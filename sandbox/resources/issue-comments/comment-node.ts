/** Comments on issues and pull requests. */
import { association } from '../accounts/association.ts';
import { HTML, type Json } from '../../world/context.ts';
import { iso } from '../../world/clock.ts';
import { commentCount } from './comment.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Comment, Issue, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { int32 } from '../../graphql/nodes/int32.ts';

export interface CommentArgs extends PageArgs {
  orderBy?: { field: 'UPDATED_AT'; direction: 'ASC' | 'DESC' } | null;
}

/** Oldest first unless ordered. */
export function commentConnection(
  viewer: Reading,
  repository: Repository,
  issue: Issue,
  args: CommentArgs,
): Json {
  const sign = args.orderBy?.direction === 'DESC' ? -1 : 1;
  const items = args.orderBy
    ? issue.comments.toSorted((a, b) => sign * (a.updatedAt - b.updatedAt || a.id - b.id))
    : issue.comments;
  const node = (comment: Comment) => commentNode(viewer, repository, issue, comment);
  const { world, commentLagMs } = viewer.context;
  const totalCount = commentCount(world, issue, commentLagMs);
  return { ...connection(args, { items, order: byPosition, node }), totalCount };
}

function commentNode(viewer: Reading, repository: Repository, issue: Issue, comment: Comment): Json {
  const { world } = viewer.context;
  const kind = issue.pull ? 'pull' : 'issues';
  const path = `/${fullName(world, repository)}/${kind}/${issue.number}#issuecomment-${comment.id}`;
  return {
    __typename: 'IssueComment',
    id: nodeId('comment', comment.id, repository.id),
    databaseId: int32(comment.id),
    fullDatabaseId: String(comment.id),
    body: comment.body,
    bodyText: comment.body,
    url: HTML + path,
    resourcePath: path,
    createdAt: iso(comment.createdAt),
    updatedAt: iso(comment.updatedAt),
    publishedAt: iso(comment.createdAt),
    author: () => actorNode(viewer, comment.authorId),
    authorAssociation: () => association(world, repository, comment.authorId),
    isMinimized: false,
    repository: () => viewer.show.repository(repository),
    issue: () => viewer.show.item(repository, { ...issue, pull: null }),
    pullRequest: () => issue.pull && viewer.show.item(repository, issue),
  };
}
