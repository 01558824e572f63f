import { detailTargetsByNumber, emptyThreads, type DetailTarget } from '../../db/rows/find-details.ts';
import { sqlOf } from '../../db/orm.ts';
import { forgetDetails } from '../../db/rows/write-details.ts';
import type { PullRequestReviewRow } from '../../entities/pull-request-reviews.ts';
import type { ReviewThreadRow } from '../../entities/pull-request-review-threads.ts';
import { SyncError } from '../../errors.ts';
import type { PullRequestDetail } from '../../github/graphql/pull-request-detail.ts';
import { createDetailPace, MAX_DETAILS } from '../further/detail-pace.ts';
import { readDetails } from '../further/read-details.ts';
import { storeDetails } from '../further/store-details.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { MergedDeliveries } from './further-deliveries.ts';

/** What the deliveries of one round say about a pull request. */
export interface DeliveredPullRequest {
  guids: Set<string>;
  /** the newest `updated_at` shown */
  at: number;
}

export interface Announced {
  pullRequests: ReadonlyMap<number, DeliveredPullRequest>;
  reviews: readonly PullRequestReviewRow[];
  threads: readonly ReviewThreadRow[];
  /** ids of the line comments that were deleted: a thread ends with its last comment, without an event of its own */
  deletedComments: readonly number[];
}

/**
 * One request for each pull request that deliveries touched, so that one that cannot be answered delays no
 * delivery of another; the first to run in a pass reads the details of all open ones.
 */
export function detailQuestions(
  context: RepositoryContext,
  announced: Announced,
): MergedDeliveries['questions'] {
  const open = new Set(announced.pullRequests.keys());
  const answers = new Map<number, boolean | SyncError>();
  let isLast = false;

  return [...announced.pullRequests].map(([number, { guids }]) => ({
    guids,
    ask: async (last) => {
      const answered = answers.get(number);
      // A detail that was read for another request and was not yet as announced is now accepted as it is.
      if (answered === undefined || (answered === false && last && !isLast)) {
        isLast = last;
        await readAll(context, announced, [...open], last, answers);
      }
      const answer = answers.get(number);
      answers.delete(number);
      if (answer !== false || last) open.delete(number);
      if (answer === undefined || typeof answer === 'boolean') return answer ?? true;
      throw answer;
    },
  }));
}

/**
 * Reads the details of pull requests; for each whether GitHub shows what was announced, or why it could not be
 * read.
 */
async function readAll(
  context: RepositoryContext,
  announced: Announced,
  numbers: readonly number[],
  last: boolean,
  answers: Map<number, boolean | SyncError>,
): Promise<void> {
  for (const number of numbers) answers.delete(number);
  const all = await detailTargetsByNumber(sqlOf(context.orm), context.repository.id, numbers);
  // One that is not known yet has its own request, sent before this.
  const here = new Set(all.map(({ number }) => number));
  for (const number of numbers) if (!here.has(number)) answers.set(number, false);
  try {
    for (let from = 0; from < all.length; from += MAX_DETAILS) {
      await readSome(context, announced, all.slice(from, from + MAX_DETAILS), last, answers);
    }
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    // The others would fail in the same way.
    const unread = [...here].filter((number) => !answers.has(number));
    for (const number of unread) answers.set(number, error);
    // Their deliveries may complete without it: the comparison reads it, even if nothing else shows the change.
    if (error.code === 'GRAPHQL_UNAVAILABLE')
      await context.save((tx) => forgetDetails(tx, context.repository.id, unread));
  }
}

async function readSome(
  context: RepositoryContext,
  announced: Announced,
  targets: readonly DetailTarget[],
  last: boolean,
  answers: Map<number, boolean | SyncError>,
): Promise<void> {
  const ended = await emptyThreads(sqlOf(context.orm), announced.deletedComments);
  const isWithout = ({ threads }: PullRequestDetail) => !threads.some(({ node_id: id }) => ended.has(id));
  // Only where GraphQL refuses the query, as a server whose schema lacks a field: any other failure may pass.
  const pace = createDetailPace(false, ({ code }) => code === 'GITHUB_BAD_ANSWER');
  const { notFound, leftOut, withoutThreads, unavailable } = await readDetails(
    context,
    targets,
    (details, date) => {
      const shown = details.filter(
        (detail) => last || (isAsAnnounced(detail, announced) && isWithout(detail)),
      );
      for (const detail of details) answers.set(detail.number, shown.includes(detail));
      return storeDetails(context, targets, shown, date);
    },
    pace,
  );
  const ofThreads = new Set(announced.threads.map(({ number }) => number));
  const lacking = withoutThreads.filter(({ number }) => ended.size > 0 || ofThreads.has(number));
  for (const number of notFound) answers.set(number, false);
  for (const { number, error } of [...leftOut, ...lacking]) answers.set(number, error);
  if (unavailable !== null) throw unavailable;
}

function isAsAnnounced(detail: PullRequestDetail, { pullRequests, reviews, threads }: Announced): boolean {
  if (Date.parse(detail.updated_at) < (pullRequests.get(detail.number)?.at ?? 0)) return false;
  const shown = new Map(detail.reviews.map((review) => [review.id, review.state]));
  const own = reviews.filter(({ number }) => number === detail.number);
  if (own.some(({ id, state }) => !shown.has(id) || (state === 'DISMISSED' && shown.get(id) !== state)))
    return false;
  const states = new Map(detail.threads.map((one) => [one.node_id, one.resolved]));
  return threads.every(
    ({ number, node_id: nodeId, resolved }) =>
      number !== detail.number || !states.has(nodeId) || states.get(nodeId) === resolved,
  );
}
