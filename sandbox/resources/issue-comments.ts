import { z } from 'zod';
import { type PageArgs, byPosition, connection } from '../graphql/connection.ts';
import { int32 } from '../graphql/int32.ts';
import type { Reading } from '../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../http/call.ts';
import { notFound } from '../http/http-error.ts';
import { refuseBeyond } from '../http/page-limit.ts';
import { paged } from '../http/paging.ts';
import { event } from '../webhooks/event.ts';
import { iso } from '../world/clock.ts';
import { type Context, HTML, type Json } from '../world/context.ts';
import { WorldError } from '../world/errors.ts';
import { fullName } from '../world/lookup.ts';
import { nodeId } from '../world/node-id.ts';
import type { Changes, InRepository } from '../world/occurrence.ts';
import type { Account, Comment, Issue, Repository } from '../world/types.ts';
import { type World, touch } from '../world/world.ts';
import { association } from './accounts/account.ts';
import { userOrNull } from './accounts/user-shape.ts';
import { action } from './action.ts';
import { createCommentList, sinceOf } from './comment-list.ts';
import { by, issueTarget, number, repo } from './inputs.ts';
import { commentCount, recordCommentCount } from './issues/comment-count.ts';
import { issueShape } from './issues/issue-shape.ts';
import { changedIssue } from './issues/issue.ts';
import { noReactions } from './no-reactions.ts';
import { actorNode } from './repositories/related-repository.ts';
import { defineResource } from './resource.ts';
import { showIssue } from './show.ts';

/** Comments on issues and pull requests. */

export interface IssueCommentOccurrence extends InRepository {
  event: 'issue_comment';
  action: 'created' | 'edited' | 'deleted';
  issue: Issue;
  comment: Comment;
  changes?: Changes;
}

declare module '../world/occurrence.ts' {
  interface Occurrences {
    issue_comment: IssueCommentOccurrence;
  }
}

/** Adds a comment; the issue's `updated_at` moves. */
export function addComment(
  world: World,
  repository: Repository,
  issue: Issue,
  body: string,
  by: Account,
): Comment {
  const now = world.clock.now();
  const comment = {
    id: world.nextId('comment', 3_300_000_000),
    authorId: by.id,
    body,
    createdAt: now,
    updatedAt: now,
  };
  recordCommentCount(world, issue);
  issue.comments.push(comment);
  changedIssue(world, repository, issue);
  world.emit({ event: 'issue_comment', action: 'created', repository, sender: by, issue, comment });
  return comment;
}

/** Changes a comment's text; the issue's `updated_at` moves too. */
function editComment(
  world: World,
  repository: Repository,
  issue: Issue,
  id: number,
  body: string,
  by: Account,
): void {
  const comment = needComment(issue, id);
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = world.clock.now();
  changedIssue(world, repository, issue);
  world.emit({ event: 'issue_comment', action: 'edited', repository, sender: by, issue, comment, changes });
}

/** Deletes a comment. No clock moves: the issue's `updated_at` stays, so that since-lists do not show it. */
function deleteComment(world: World, repository: Repository, issue: Issue, id: number, by: Account): void {
  const comment = needComment(issue, id);
  recordCommentCount(world, issue);
  issue.comments = issue.comments.filter((one) => one !== comment);
  touch(repository);
  world.emit({ event: 'issue_comment', action: 'deleted', repository, sender: by, issue, comment });
}

function needComment(issue: Issue, id: number): Comment {
  const comment = issue.comments.find((one) => one.id === id);
  if (!comment) throw new WorldError(`no comment ${id}`, 404);
  return comment;
}

/** OpenAPI `issue-comment`. */
export function commentShape(context: Context, repository: Repository, issue: Issue, comment: Comment): Json {
  const name = fullName(context.world, repository);
  const url = `${context.api}/repos/${name}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${HTML}/${name}/issues/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${context.api}/repos/${name}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id, repository.id),
    user: userOrNull(context, comment.authorId),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    body: comment.body,
    author_association: association(context.world, repository, comment.authorId),
    reactions: noReactions(`${url}/reactions`),
    performed_via_github_app: null,
  };
}

function commentPayload(context: Context, occurrence: IssueCommentOccurrence): Json {
  const { repository, issue, comment, changes } = occurrence;
  return {
    issue: issueShape(context, repository, issue),
    comment: commentShape(context, repository, issue, comment),
    ...(changes && { changes }),
  };
}

/** The rows that can be paged through; beyond them the answer is 422. Source: reports from the field (30,000 to 40,000). */
const WALKABLE = 30_000;

const sortedComments = createCommentList(({ comments }) => comments);

/** All of the repository, those of pull requests too. */
function listAll(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  refuseBeyond(call, WALKABLE);
  const { items, headers } = paged(call, base, sortedComments(call));
  return { headers, body: items.map((one) => commentShape(context, repository, one.issue, one.comment)) };
}

/** Of one issue or pull request, ascending by id. */
function list(call: RepositoryCall): Answer {
  const { context, repository, params, base } = call;
  const issue = repository.issues.get(Number(params['number']));
  if (!issue) throw notFound();
  refuseBeyond(call, WALKABLE);
  const oldest = sinceOf(call.query);
  const all = issue.comments.filter(({ updatedAt }) => updatedAt >= oldest);
  const { items, headers } = paged(call, base, all);
  return { headers, body: items.map((one) => commentShape(context, repository, issue, one)) };
}

function get({ context, repository, params }: RepositoryCall): Answer {
  for (const issue of repository.issues.values()) {
    const comment = issue.comments.find(({ id }) => id === Number(params['id']));
    if (comment) return { body: commentShape(context, repository, issue, comment) };
  }
  throw notFound();
}

const permission = 'issues_or_pulls' as const;

const issueCommentRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/issues/comments', permission, handler: listAll },
  { method: 'GET', path: '/issues/comments/:id', permission, handler: get },
  { method: 'GET', path: '/issues/:number/comments', permission, handler: list },
];

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
    id: nodeId('IC', comment.id, repository.id),
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

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 1 };

function latest({ comments }: Issue): number {
  return comments.at(-1)?.id ?? 0;
}

const commentActions = {
  comment: action({
    about: 'Comment on an issue or pull request.',
    example: { ...example, body: 'Same here.' },
    input: z.object({ ...one, body: z.string().default('Same here.') }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      return addComment(world, repository, issue, input.body, who);
    },
  }),
  editComment: action({
    about: 'Edit a comment (the latest unless `id` is given).',
    example: { repo: 'octo-sandbox/app', number: 1, body: 'Not any more.' },
    input: z.object({ ...one, id: z.number().optional(), body: z.string() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      editComment(world, repository, issue, input.id ?? latest(issue), input.body, who);
      return issue;
    },
    show: showIssue,
  }),
  deleteComment: action({
    about: 'Delete a comment (the latest unless `id` is given).',
    example,
    input: z.object({ ...one, id: z.number().optional() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      deleteComment(world, repository, issue, input.id ?? latest(issue), who);
      return issue;
    },
    show: showIssue,
  }),
};

export const commentResource = defineResource({
  routes: issueCommentRoutes,
  actions: commentActions,
  events: [event(['issue_comment'], ['issues'], commentPayload)],
});
