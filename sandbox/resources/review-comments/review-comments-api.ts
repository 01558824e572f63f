/** Comments on lines and their conversations by REST, GraphQL and webhooks. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/nodes/int32.ts';
import { actorNode } from '../repositories/related-repository.ts';
import type { Reading } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { pullRow, whilePullsAreOn } from '../pulls/pull-row.ts';
import { association } from '../accounts/association.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { pullShape } from '../pulls/pull-shape.ts';
import { noReactions } from '../no-reactions.ts';
import { userUnlessDeleted } from '../accounts/user-shape.ts';
import { iso } from '../../world/clock.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import { createCommentList, sinceOf } from '../comment-list.ts';
import { refuseBeyond } from '../../http/page-limit.ts';
import {
  placeOf,
  type ReviewComment,
  type ReviewCommentOccurrence,
  type ReviewThread,
  type ReviewThreadOccurrence,
} from './review-comments.ts';
import { commentsOfThread, visibleComments, visibleThreads } from '../reviews/review-visibility.ts';
import { pullOf } from '../reviews/reviews.ts';

/** OpenAPI `pull-request-review-comment`; its line is null while it is outdated. */
export function reviewCommentShape(
  context: Context,
  repository: Repository,
  issue: Issue,
  comment: ReviewComment,
): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}/pulls`;
  const url = `${base}/comments/${comment.id}`;
  const html = `${HTML}/${name}/pull/${issue.number}#discussion_r${comment.id}`;
  const { commitId, line, outdated } = placeOf(context.world, repository, pullOf(issue), comment);
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('reviewComment', comment.id, repository.id),
    diff_hunk: '@@ -1,1 +1,1 @@',
    path: comment.path,
    commit_id: commitId,
    original_commit_id: comment.originalCommitId,
    user: userUnlessDeleted(context, comment.authorId),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    html_url: html,
    pull_request_url: `${base}/${issue.number}`,
    author_association: association(context.world, repository, comment.authorId),
    _links: {
      self: { href: url },
      html: { href: html },
      pull_request: { href: `${base}/${issue.number}` },
    },
    reactions: noReactions(`${url}/reactions`),
    start_line: null,
    original_start_line: null,
    start_side: null,
    line,
    original_line: comment.originalLine,
    side: 'RIGHT',
    ...(comment.inReplyToId !== null && { in_reply_to_id: comment.inReplyToId }),
    original_position: comment.originalLine ?? 1,
    position: outdated ? null : (line ?? 1),
    subject_type: comment.originalLine === null ? 'file' : 'line',
  };
}

const sortedComments = createCommentList(({ pull }) => (pull ? visibleComments(pull) : []));

/** All of the repository; `since` is their own `updated_at`, the order ascending by id unless sorted. */
function listAll(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  refuseBeyond(call, 30_000);
  const { items, headers } = paged(call, base, sortedComments(call));
  return {
    headers,
    body: items.map(({ issue, comment }) => reviewCommentShape(context, repository, issue, comment)),
  };
}

function list(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const { issue, pull } = pullRow(call);
  const oldest = sinceOf(call.query);
  const all = visibleComments(pull).filter(({ updatedAt }) => updatedAt >= oldest);
  const { items, headers } = paged(call, base, all);
  return { headers, body: items.map((one) => reviewCommentShape(context, repository, issue, one)) };
}

function get({ context, repository, params }: RepositoryCall): Answer {
  for (const issue of repository.issues.values()) {
    const comments = issue.pull ? visibleComments(issue.pull) : [];
    const comment = comments.find(({ id }) => id === Number(params['id']));
    if (comment) return { body: reviewCommentShape(context, repository, issue, comment) };
  }
  throw notFound();
}

const permission = 'pull_requests' as const;

export const reviewCommentRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls/comments', permission, handler: whilePullsAreOn(listAll) },
  { method: 'GET', path: '/pulls/comments/:id', permission, handler: whilePullsAreOn(get) },
  { method: 'GET', path: '/pulls/:number/comments', permission, handler: whilePullsAreOn(list) },
];

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
    id: nodeId('reviewComment', comment.id, repository.id),
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
    id: nodeId('thread', thread.id, repository.id),
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

/** The keys of `pull_request_review_comment`. */
export function reviewCommentPayload(context: Context, occurrence: ReviewCommentOccurrence): Json {
  const { repository, issue, reviewComment, changes } = occurrence;
  return {
    comment: reviewCommentShape(context, repository, issue, reviewComment),
    pull_request: pullShape(context, repository, issue, pullOf(issue)),
    ...(changes && { changes }),
  };
}

/** The keys of `pull_request_review_thread`: no number of its own, and nothing that says who but the sender. */
export function reviewThreadPayload(context: Context, occurrence: ReviewThreadOccurrence): Json {
  const { repository, issue, thread } = occurrence;
  const pull = pullOf(issue);
  const comments = commentsOfThread(pull, thread.id);
  return {
    thread: {
      node_id: nodeId('thread', thread.id, repository.id),
      comments: comments.map((one) => reviewCommentShape(context, repository, issue, one)),
    },
    pull_request: pullShape(context, repository, issue, pull),
    ...(context.world.state.unknowns.threadsTellTime && { updated_at: iso(context.world.clock.now()) }),
  };
}
