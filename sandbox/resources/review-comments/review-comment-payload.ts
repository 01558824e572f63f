import { iso } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import { nodeId } from '../../world/node-id.ts';
import { pullShape } from '../pulls/pull-shape.ts';
import { commentsOfThread } from '../reviews/review-visibility.ts';
import { pullOf } from '../reviews/review.ts';
import { reviewCommentShape } from './review-comment-shape.ts';
import type { ReviewCommentOccurrence, ReviewThreadOccurrence } from './review-comment.ts';

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
      node_id: nodeId('PRRT', thread.id, repository.id),
      comments: comments.map((one) => reviewCommentShape(context, repository, issue, one)),
    },
    pull_request: pullShape(context, repository, issue, pull),
    ...(context.world.state.unknowns.threadsTellTime && { updated_at: iso(context.world.clock.now()) }),
  };
}
