import { sqlOf } from '../../db/orm.ts';
import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { missingChildren, type MissingChild } from '../../db/rows/find-details.ts';
import { pullRequestReviews } from '../../entities/pull-request-reviews.ts';
import { pullRequestReviewThreads } from '../../entities/pull-request-review-threads.ts';
import { isUnusableAnswer, type SyncError } from '../../errors.ts';
import { assertInReach } from '../listings/assert-in-reach.ts';
import { oneByOne, resolveMissing } from '../listings/resolve-missing.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { LeftOut } from './details-outcome.ts';

/**
 * Requests each live review that the complete lists of these pull requests lack.
 *
 * @returns the pull requests with reviews that could not be requested
 */
export async function resolveReviews(
  context: RepositoryContext,
  pullRequestIds: readonly number[],
  listed: readonly number[],
): Promise<LeftOut[]> {
  if (!context.kinds.has(pullRequestReviews.name)) return [];
  const missing = await missingChildren(sqlOf(context.orm), pullRequestReviews.name, pullRequestIds, listed);
  let error: SyncError | null;
  try {
    error = await resolveMissing<MissingChild, boolean>(missing, {
      ask: oneByOne(async (one) => (await context.api.find(pullRequestReviews, one)).state === 'found'),
      write: (verdicts) => mark(context, pullRequestReviews, verdicts),
      pause: () => throwIfExpired(context),
    });
  } catch (failure) {
    if (!isUnusableAnswer(failure)) throw failure;
    error = failure;
  }
  return error === null ? [] : leaveOut(missing, error);
}

/**
 * Like `resolveReviews`. REST has no review threads: they are requested by their node ids. A thread that is listed
 * is not also another row: that one was written by the first comment that was left, before its comments were known.
 */
export async function resolveThreads(
  context: RepositoryFacts & RepositoryWriter,
  pullRequestIds: readonly number[],
  listed: readonly { id: number; node_id: string }[],
): Promise<LeftOut[]> {
  if (!context.kinds.has(pullRequestReviewThreads.name)) return [];
  const db = sqlOf(context.orm);
  const ids = listed.map(({ id }) => id);
  const missing = await missingChildren(db, pullRequestReviewThreads.name, pullRequestIds, ids);
  if (missing.length === 0) return [];
  const nodeIds = new Set(listed.map(({ node_id: nodeId }) => nodeId));
  const doubles = missing.filter((one) => nodeIds.has(one.node_id));
  const unlisted = missing.filter((one) => !nodeIds.has(one.node_id));
  const { roots, error } = await context.api.threadRoots(unlisted.map(({ node_id: nodeId }) => nodeId));
  const shown = unlisted.filter((one) => roots.has(one.node_id));
  await mark(context, pullRequestReviewThreads, [
    ...doubles.map((one) => [one, false] as const),
    // Another first comment means another thread: a row whose id was damaged belongs to none.
    ...shown.map((one) => [one, roots.get(one.node_id) === one.id] as const),
  ]);
  return error === null ? [] : leaveOut(unlisted, error);
}

async function mark(
  context: RepositoryFacts & RepositoryWriter,
  entity: typeof pullRequestReviews | typeof pullRequestReviewThreads,
  verdicts: readonly (readonly [MissingChild, boolean])[],
): Promise<void> {
  const deleted = verdicts.flatMap(([{ id }, isThere]) => (isThere ? [] : [id]));
  if (deleted.length === 0) return;
  await assertInReach(context);
  await context.save(async (tx) => ({
    [entity.name]: (await markRowsDeleted(tx, entity, context.repository.id, deleted)).length,
  }));
}

function leaveOut(missing: readonly MissingChild[], error: SyncError): LeftOut[] {
  return [...new Set(missing.map(({ number }) => number))].map((number) => ({ number, error }));
}
