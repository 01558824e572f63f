import { iso } from '../../world/clock.ts';
import type { Context, Json } from '../../world/context.ts';
import { pullShape } from '../pulls/pull-shape.ts';
import { reviewShape } from './review-shape.ts';
import { pullOf, type ReviewOccurrence } from './review.ts';

/** The event's own keys: the state in lower case, no text as null, and the pull request as lists have it. */
export function reviewPayload(context: Context, occurrence: ReviewOccurrence): Json {
  const { repository, issue, review: shown, changes } = occurrence;
  return {
    review: {
      ...reviewShape(context, repository, issue, shown),
      body: shown.body === '' ? null : shown.body,
      state: shown.state,
      updated_at: iso(shown.updatedAt),
    },
    pull_request: pullShape(context, repository, issue, pullOf(issue)),
    ...(changes && { changes }),
  };
}
