/** What everybody sees of a pull request's reviews: nothing that is pending. */
import type { Pull } from '../../world/types.ts';
import type { ReviewComment, ReviewThread } from '../review-comments/review-comment.ts';
import type { Review } from './review.ts';

/** In the order of their submission. */
export function submittedReviews(pull: Pull): Review[] {
  return pull.reviews.filter(({ state }) => state !== 'pending');
}

/** The comments of submitted reviews. */
export function visibleComments(pull: Pull): ReviewComment[] {
  const pending = new Set<number>();
  for (const { id, state } of pull.reviews) if (state === 'pending') pending.add(id);
  return pending.size === 0
    ? pull.reviewComments
    : pull.reviewComments.filter(({ reviewId }) => !pending.has(reviewId));
}

/** A conversation's comments, the first first. */
export function commentsOfThread(pull: Pull, threadId: number): ReviewComment[] {
  return visibleComments(pull).filter((one) => one.threadId === threadId);
}

/** The conversations with any comment to see. */
export function visibleThreads(pull: Pull): ReviewThread[] {
  const shown = new Set(visibleComments(pull).map(({ threadId }) => threadId));
  return pull.threads.filter(({ id }) => shown.has(id));
}
