import type { Entity } from '../../entities/entity.ts';
import { furtherKinds } from '../../entities/index.ts';
import { pullRequestReviews } from '../../entities/pull-request-reviews.ts';
import { tags } from '../../entities/tags.ts';
import { isCommentKind } from '../further/comment-kind.ts';
import { isWhole } from '../further/whole-rows.ts';
import { createCommentDeliveries } from './comment-deliveries.ts';
import type { FurtherDeliveries } from './further-deliveries.ts';
import { createObjectDeliveries } from './object-deliveries.ts';
import { createReviewDeliveries } from './review-deliveries.ts';
import { createTagDeliveries } from './tag-deliveries.ts';
import { createTransferDeliveries } from './transfer-deliveries.ts';

/** Kinds with their own readers, because their deliveries do not contain one whole object. */
const ownReaders: Readonly<Record<string, () => FurtherDeliveries>> = {
  [tags.name]: createTagDeliveries,
  [pullRequestReviews.name]: createReviewDeliveries,
};

/** In the order of the kinds; a transfer concerns all comments of an issue at once. */
const readers = [...furtherKinds.flatMap(readerOf), createTransferDeliveries];

/** The reader that fits how GitHub lists a kind; none if another kind's deliveries cover it. */
function readerOf(kind: Entity): (() => FurtherDeliveries)[] {
  const own = ownReaders[kind.name];
  if (own !== undefined) return [own];
  if (isWhole(kind)) return [() => createObjectDeliveries(kind)];
  if (isCommentKind(kind)) return [() => createCommentDeliveries(kind)];
  return [];
}

/** The readers of the deliveries of one round. */
export function createFurtherDeliveries(): FurtherDeliveries[] {
  return readers.map((create) => create());
}
