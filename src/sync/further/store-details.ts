import { storedRows, writeRows } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { knownThreads, threadsOfComments, type DetailTarget } from '../../db/rows/find-details.ts';
import { recordDetails, writeDetails } from '../../db/rows/write-details.ts';
import { pullRequestReviews, type PullRequestReviewRow } from '../../entities/pull-request-reviews.ts';
import {
  pullRequestReviewThreads,
  type ReviewThreadRow,
} from '../../entities/pull-request-review-threads.ts';
import { SyncError } from '../../errors.ts';
import type { PullRequestDetail } from '../../github/graphql/pull-request-detail.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { storableRows } from '../context/store-rows.ts';
import type { LeftOut } from './details-outcome.ts';
import { resolveReviews, resolveThreads } from './resolve-children.ts';

/**
 * Writes pull requests' details with their reviews and review threads, and requests each row that their
 * complete lists lack. An answer that is older than the row proves no absence.
 *
 * @param date when GitHub answered
 * @returns those of which something could not be read: the rest of them is written
 */
export async function storeDetails(
  context: RepositoryContext,
  targets: readonly DetailTarget[],
  details: readonly PullRequestDetail[],
  date: string,
): Promise<LeftOut[]> {
  if (details.length === 0) return [];
  const { id: repositoryId } = context.repository;
  const force = context.mode === 'full';
  const shown = context.kinds.has(pullRequestReviews.name) ? details.flatMap(({ reviews }) => reviews) : [];
  const kept = force ? shown : await keepDismissed(context, shown);
  const reviews = await storableRows(context, pullRequestReviews, kept, date);
  const threads = context.kinds.has(pullRequestReviewThreads.name)
    ? await identify(context, details)
    : { rows: [], leftOut: [] };
  await context.save(async (tx) => ({
    pull_requests: await writeDetails(tx, repositoryId, details, force),
    [pullRequestReviews.name]: await writeRows(tx, pullRequestReviews, reviews),
    [pullRequestReviewThreads.name]: await writeRows(
      tx,
      pullRequestReviewThreads,
      threads.rows.map((thread) => ({ ...thread, repository_id: repositoryId })),
    ),
  }));
  const odd = details.flatMap(({ number, error }) => (error === null ? [] : [{ number, error }]));
  const times = new Map(targets.map((target) => [target.id, Date.parse(target.updated_at)]));
  const judged = details
    .filter(({ complete }) => complete)
    .filter(({ id, updated_at: time }) => Date.parse(time) >= (times.get(id) ?? Infinity))
    .map(({ id }) => id);
  const leftOut = [
    ...odd,
    ...threads.leftOut,
    ...(await resolveReviews(
      context,
      judged,
      shown.map(({ id }) => id),
    )),
    ...(await resolveThreads(context, judged, threads.rows)),
  ];
  const left = new Set(leftOut.map(({ number }) => number));
  const whole = details.filter(({ number }) => !left.has(number));
  await context.save((tx) => recordDetails(tx, repositoryId, whole, date));
  return leftOut;
}

/** GitHub's API may still show the dismissed verdict: a dismissal is final. */
export async function keepDismissed<Row extends PullRequestReviewRow>(
  context: RepositoryFacts,
  rows: readonly Row[],
): Promise<Row[]> {
  const ids = rows.map(({ id }) => id);
  const stored = await storedRows(sqlOf(context.orm), pullRequestReviews, context.repository.id, ids);
  return rows.map((row) =>
    stored.get(row.id)?.row.state === 'DISMISSED' ? { ...row, state: 'DISMISSED' } : row,
  );
}

/**
 * Review threads by the ids of their first comments; for threads that are new here, GitHub is asked for these.
 */
async function identify(
  context: RepositoryFacts,
  details: readonly PullRequestDetail[],
): Promise<{ rows: ReviewThreadRow[]; leftOut: LeftOut[] }> {
  const shown = details.flatMap(({ threads }) => threads);
  const nodeIds = shown.map(({ node_id: nodeId }) => nodeId);
  const known = await knownThreads(sqlOf(context.orm), nodeIds);
  const unknown = nodeIds.filter((nodeId) => !known.has(nodeId));
  const { roots, error } =
    unknown.length === 0
      ? { roots: new Map<string, number | null>(), error: null }
      : await context.api.threadRoots(unknown);
  // One that was read before its comments were may be known by the first comment that is left.
  const firsts = [...known.values(), ...[...roots.values()].flatMap((id) => id ?? [])];
  const threads = await threadsOfComments(sqlOf(context.orm), firsts);
  const rows = new Map<number, ReviewThreadRow>();
  const leftOut: LeftOut[] = [];
  for (const thread of shown) {
    const first = known.get(thread.node_id) ?? roots.get(thread.node_id);
    const id = typeof first === 'number' ? (threads.get(first) ?? first) : first;
    if (typeof id === 'number') rows.set(id, { ...thread, id });
    else if (id === undefined) leftOut.push({ number: thread.number, error: error ?? unidentified(thread) });
  }
  return { rows: [...rows.values()], leftOut };
}

function unidentified({ number }: { number: number }): SyncError {
  return new SyncError('GITHUB_BAD_ANSWER', `a review thread of pull request ${number} has no first comment`);
}
