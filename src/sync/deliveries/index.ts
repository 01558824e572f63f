import { issueComments } from '../../entities/issue-comments.ts';
import { createCommentDeliveries } from './comment-deliveries.ts';
import type { FurtherDeliveries } from './further-deliveries.ts';
import { wholeKinds } from '../further/whole-rows.ts';
import { createObjectDeliveries } from './object-deliveries.ts';
import { createTagDeliveries } from './tag-deliveries.ts';
import { pullRequestReviewComments } from '../../entities/pull-request-review-comments.ts';
import { createReviewDeliveries } from './review-deliveries.ts';
import { createTransferDeliveries } from './transfer-deliveries.ts';

/** In this order: what belongs to another row is written after it. */
const kinds: readonly (() => FurtherDeliveries)[] = [
  ...wholeKinds.map((kind) => () => createObjectDeliveries(kind)),
  createTagDeliveries,
  () => createCommentDeliveries(pullRequestReviewComments),
  createReviewDeliveries,
  () => createCommentDeliveries(issueComments),
  createTransferDeliveries,
];

/** The readers of the deliveries of one round, a reader for kinds that are told together. */
export function createFurtherDeliveries(): FurtherDeliveries[] {
  return kinds.map((create) => create());
}
