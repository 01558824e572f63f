import { writeRows, type StorableRow } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { liveSince } from '../../db/rows/find-details.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { pullRequestReviews, type PullRequestReviewRow } from '../../entities/pull-request-reviews.ts';
import {
  pullRequestReviewThreads,
  type ReviewThreadRow,
} from '../../entities/pull-request-review-threads.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import {
  readDeletedComment,
  readPullRequestAt,
  readReview,
  readThread,
} from '../../github/payloads/review-payload.ts';
import { isInFuture } from '../../time.ts';
import { keepDismissed } from '../further/store-details.ts';
import { isPermitted } from '../context/readable.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { storableRows } from '../context/store-rows.ts';
import { detailQuestions, type DeliveredPullRequest } from './detail-questions.ts';
import { nothingMerged, type MergedDeliveries, type FurtherDeliveries } from './further-deliveries.ts';

/** Anything that happens to a pull request may change its detail, which no payload shows completely. */
const events = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
]);

/** Something that a payload shows of a pull request, with its date. */
interface Shown<Row> {
  row: Row;
  at: number;
}

/** What the deliveries of one round say. */
interface Delivered {
  pullRequests: Map<number, DeliveredPullRequest>;
  reviews: Shown<PullRequestReviewRow & { pull_request_id: number }>[];
  threads: Shown<ReviewThreadRow>[];
  deletedComments: number[];
}

/** Reviews and review threads from payloads; then one query for all pull requests that were touched. */
export function createReviewDeliveries(): FurtherDeliveries {
  const delivered: Delivered = { pullRequests: new Map(), reviews: [], threads: [], deletedComments: [] };

  return {
    read(delivery: PendingDelivery) {
      const { event, action, payload, guid } = delivery;
      if (!events.has(event)) return false;
      // If this much cannot be read, neither can the rest of the delivery.
      const { id, number, updated_at: shownAt } = readPullRequestAt(payload);
      const at = orNever(shownAt, delivery);
      const one = delivered.pullRequests.get(number) ?? { guids: new Set<string>(), at };
      delivered.pullRequests.set(number, { guids: one.guids.add(guid), at: Math.max(one.at, at) });
      const review = event === 'pull_request_review' ? readReview(payload, { id, number }) : null;
      if (review !== null) delivered.reviews.push({ row: review, at });
      const thread =
        event === 'pull_request_review_thread' ? readThread(payload, action, { id, number }) : null;
      if (thread !== null)
        delivered.threads.push({ row: thread.row, at: Math.max(at, orNever(thread.at, delivery)) });
      if (event === 'pull_request_review_comment' && action === 'deleted')
        delivered.deletedComments.push(...readDeletedComment(payload));
      return true;
    },
    merge: (context) =>
      delivered.pullRequests.size === 0 ? Promise.resolve(nothingMerged) : merge(context, delivered),
  };
}

/** A time that cannot be used for ordering comes before all others: GitHub is asked in any case. */
function orNever(at: number, { received_at: receivedAt }: PendingDelivery): number {
  return isInFuture(new Date(at).toISOString(), Date.parse(receivedAt)) ? 0 : at;
}

async function merge(context: RepositoryContext, delivered: Delivered): Promise<MergedDeliveries> {
  const { id: repositoryId } = context.repository;
  const reviewsOn = context.kinds.has(pullRequestReviews.name);
  const threadsOn = context.kinds.has(pullRequestReviewThreads.name);
  const parents = [...delivered.reviews, ...delivered.threads].map(({ row }) => row.pull_request_id);
  const known = await liveSince(sqlOf(context.orm), repositoryId, parents);
  // A payload older than the known state says nothing; GitHub is asked anyway.
  const isNewer = ({ row, at }: Shown<{ pull_request_id: number }>) =>
    at >= Date.parse(known.get(row.pull_request_id) ?? '1970-01-01T00:00:00Z');
  const isShown = (one: Delivered['reviews'][number]) => isNewer(one) || one.row.state === 'DISMISSED';
  const reviews = reviewsOn ? await keepDismissed(context, newest(delivered.reviews.filter(isShown))) : [];
  const date = new Date(Math.max(0, ...delivered.reviews.map(({ at }) => at))).toISOString();
  const reviewRows = await storableRows(context, pullRequestReviews, reviews, date);
  const threads = threadsOn ? newest(delivered.threads.filter(isNewer)) : [];
  const threadRows = threads.map((row) => ({ ...row, repository_id: repositoryId }));
  return {
    async write(tx) {
      // Its pull request was written just now, if it is live.
      const live = await liveSince(tx, repositoryId, parents);
      const ofLive = (rows: readonly StorableRow[]) =>
        rows.filter((row) => live.has(Number(row['pull_request_id'])));
      return {
        [pullRequestReviews.name]: await writeRows(tx, pullRequestReviews, ofLive(reviewRows)),
        [pullRequestReviewThreads.name]: await writeRows(tx, pullRequestReviewThreads, ofLive(threadRows)),
      };
    },
    questions: isPermitted(pullRequests, context.may)
      ? detailQuestions(context, { ...delivered, reviews, threads })
      : [],
  };
}

/**
 * The newest state of each by its pull request's timestamp; among those of the same second a dismissal, else
 * the last.
 */
function newest<Row extends { id: number; state?: unknown }>(shown: readonly Shown<Row>[]): Row[] {
  const ordered = shown.toSorted((a, b) => a.at - b.at);
  const byId = new Map<number, Row>();
  for (const { row } of ordered) {
    if (byId.get(row.id)?.state !== 'DISMISSED') byId.set(row.id, row);
  }
  return [...byId.values()];
}
