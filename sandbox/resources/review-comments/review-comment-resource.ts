/** Review comments and threads in the control API, by REST and in deliveries. */
import { z } from 'zod';
import { demand } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { refuseBeyond } from '../../http/page-limit.ts';
import { paged } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { iso } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import { WorldError } from '../../world/errors.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { action } from '../action.ts';
import { createCommentList, sinceOf } from '../comment-list.ts';
import { by, given, issueTarget, number, repo } from '../inputs.ts';
import { pullRow, whilePullsAreOn } from '../pulls/pull-row.ts';
import { pullShape } from '../pulls/pull-shape.ts';
import { defineResource } from '../resource.ts';
import { commentsOfThread, visibleComments, visibleThreads } from '../reviews/review-visibility.ts';
import { pullOf } from '../reviews/review.ts';
import { reviewCommentShape } from './review-comment-shape.ts';
import {
  addReviewComment,
  deleteReviewComment,
  editReviewComment,
  resolveThread,
  type ReviewComment,
  type ReviewCommentOccurrence,
  type ReviewThreadOccurrence,
} from './review-comment.ts';
import { reviewThreadNode } from './review-thread-node.ts';

// Review comments and threads in the control API, and what is unknown about them.

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 2 };

interface Shown {
  repository: Repository;
  issue: Issue;
  comment: ReviewComment;
}

function show(context: Context, { repository, issue, comment }: Shown): Json {
  return reviewCommentShape(context, repository, issue, comment);
}

/** The comment of that id, else the latest of the pull request. Throws WorldError 404. */
function commentId(issue: Issue, id: number | undefined): number {
  const latest = pullOf(issue).reviewComments.at(-1)?.id;
  const found = id ?? latest;
  if (found === undefined) throw new WorldError('no review comment', 404);
  return found;
}

const reviewCommentActions = {
  reviewComment: action({
    about:
      'Comment on a line of a pull request, or reply to a comment; with `pending` as a part of the pending review.',
    example: { ...example, body: 'Why not in ink?', line: 7 },
    input: z.object({
      ...one,
      body: z.string().default('Why?'),
      path: z.string().optional(),
      line: number.nullable().optional(),
      inReplyTo: number.optional(),
      pending: z.boolean().default(false),
    }),
    run: ({ world }, input) => {
      const { repository, issue, who } = issueTarget(world, input);
      const { body, path, line, inReplyTo } = input;
      const begun = pullOf(issue).reviews.findLast(({ state }) => state === 'pending');
      if (input.pending && !begun) throw new WorldError('no review is begun', 404);
      const pending = input.pending ? begun : undefined;
      const fields = { body, ...given({ path, line, inReplyTo, pending }) };
      return { repository, issue, comment: addReviewComment(world, repository, issue, fields, who) };
    },
    show,
  }),
  editReviewComment: action({
    about: 'Edit a review comment (the latest unless `id` is given).',
    example: { ...example, body: 'Why not?' },
    input: z.object({ ...one, id: number.optional(), body: z.string() }),
    run: ({ world }, input) => {
      const { repository, issue, who } = issueTarget(world, input);
      const id = commentId(issue, input.id);
      return {
        repository,
        issue,
        comment: editReviewComment(world, repository, issue, id, input.body, who),
      };
    },
    show,
  }),
  deleteReviewComment: action({
    about: 'Delete a review comment (the latest unless `id` is given).',
    example,
    input: z.object({ ...one, id: number.optional() }),
    run: ({ world }, input) => {
      const { repository, issue, who } = issueTarget(world, input);
      const id = commentId(issue, input.id);
      return { repository, issue, comment: deleteReviewComment(world, repository, issue, id, who) };
    },
    show,
  }),
  resolveThread: action({
    about: 'Resolve or unresolve a review thread: that of a comment, else the latest one that it applies to.',
    example: { ...example, resolved: true },
    input: z.object({ ...one, comment: number.optional(), resolved: z.boolean().default(true) }),
    run: ({ world }, input) => {
      const { repository, issue, who } = issueTarget(world, input);
      const pull = pullOf(issue);
      const threadId = pull.reviewComments.find(({ id }) => id === input.comment)?.threadId;
      const thread = visibleThreads(pull).findLast((each) =>
        input.comment === undefined ? (each.resolvedById === null) === input.resolved : each.id === threadId,
      );
      if (!thread) throw new WorldError('no such conversation', 404);
      resolveThread(world, repository, issue, thread, input.resolved, who);
      return { repository, thread };
    },
    show: (_context, { repository, thread }) => ({
      node_id: nodeId('PRRT', thread.id, repository.id),
      resolved: thread.resolvedById !== null,
    }),
  }),
  unknowns: action({
    about:
      'Choose behaviour of GitHub’s that nobody has described: whether resolving a review thread changes the pull request’s updated_at, whether deliveries say when, whether an empty review disappears with its last comment.',
    example: { resolvingMovesClock: true },
    input: z.object({
      resolvingMovesClock: z.boolean().optional(),
      threadsTellTime: z.boolean().optional(),
      emptyReviewsVanish: z.boolean().optional(),
    }),
    run: ({ world: { state } }, input) => Object.assign(state.unknowns, given(input)),
    show: (_context, unknowns) => unknowns,
  }),
};

// Comments on lines by REST.

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

const reviewCommentRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/pulls/comments', permission, handler: whilePullsAreOn(listAll) },
  { method: 'GET', path: '/pulls/comments/:id', permission, handler: whilePullsAreOn(get) },
  { method: 'GET', path: '/pulls/:number/comments', permission, handler: whilePullsAreOn(list) },
];

/** The keys of `pull_request_review_comment`. */
function reviewCommentPayload(context: Context, occurrence: ReviewCommentOccurrence): Json {
  const { repository, issue, reviewComment, changes } = occurrence;
  return {
    comment: reviewCommentShape(context, repository, issue, reviewComment),
    pull_request: pullShape(context, repository, issue, pullOf(issue)),
    ...(changes && { changes }),
  };
}

/** The keys of `pull_request_review_thread`: no number of its own, and nothing that says who but the sender. */
function reviewThreadPayload(context: Context, occurrence: ReviewThreadOccurrence): Json {
  const { repository, issue, thread } = occurrence;
  const pull = pullOf(issue);
  const comments = commentsOfThread(pull, thread.id);
  return {
    thread: {
      node_id: nodeId('PRRT', thread.id, repository.id),
      comments: comments.map((one) => reviewCommentShape(context, repository, issue, one)),
    },
    pull_request: pullShape(context, repository, issue, pull),
    ...(context.world.state.unknowns.threadsTellTime && { updated_at: iso(context.world.clock.now()) }),
  };
}

/** Comments on lines, and the conversations they make. */
export const reviewCommentResource = defineResource({
  routes: reviewCommentRoutes,
  actions: reviewCommentActions,
  nodes: {
    PRRT: (viewer, repository, id) => {
      demand(viewer, repository, 'pull_requests');
      for (const issue of repository.issues.values()) {
        const thread = issue.pull && visibleThreads(issue.pull).find((one) => one.id === id);
        if (thread) return reviewThreadNode(viewer, repository, issue, thread);
      }
      return null;
    },
  },
  events: [
    event(['pull_request_review_comment'], ['pull_requests'], reviewCommentPayload),
    event(['pull_request_review_thread'], ['pull_requests'], reviewThreadPayload),
  ],
});
