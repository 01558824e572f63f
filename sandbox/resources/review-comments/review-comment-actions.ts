/** Review comments and threads in the control API, and what is unknown about them. */
import { z } from 'zod';
import { action } from '../action.ts';
import { by, given, issueTarget, number, repo } from '../inputs.ts';
import type { Context, Json } from '../../world/context.ts';
import { WorldError } from '../../world/errors.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { reviewCommentShape } from './review-comment-shape.ts';
import {
  addReviewComment,
  deleteReviewComment,
  editReviewComment,
  resolveThread,
  type ReviewComment,
} from './review-comment.ts';
import { visibleThreads } from '../reviews/review-visibility.ts';
import { pullOf } from '../reviews/review.ts';

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

export const reviewCommentActions = {
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
