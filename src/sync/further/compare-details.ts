import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import {
  detailTargets,
  detailTargetsByNumber,
  type DetailSet,
  type DetailTarget,
} from '../../db/rows/find-details.ts';
import { databaseTime } from '../../db/database-time.ts';
import { sqlOf, type Sql } from '../../db/orm.ts';
import { forgetDetails } from '../../db/rows/write-details.ts';
import { furtherKinds } from '../../entities/index.ts';
import { pullRequestReviewComments } from '../../entities/pull-request-review-comments.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import { atTarget, DONE } from '../checkpoints.ts';
import { isReadable } from '../context/readable.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { createDetailPace, MAX_DETAILS, type DetailPace } from './detail-pace.ts';
import { recordEmptyComments } from './record-empty-comments.ts';
import type { FurtherStep } from './further-step.ts';
import { nothingRead, type DetailsOutcome } from './details-outcome.ts';
import { readDetails } from './read-details.ts';
import { storeDetails } from './store-details.ts';
import { longestUnread, recordUnreadDetails, unreadDetails, wasUnavailable } from './unread-details.ts';

const { all: ALL, recent: RECENT, old: OLD, left: LEFT, missing: MISSING } = checkpointKeys.details;
/**
 * The minimum number of queries in a round whose time is up, unless a delivery is pending: with fewer it would
 * hardly progress.
 */
const QUESTIONS = 4;

/**
 * The detail of pull requests, newest first: of those that changed since it was read, or of all of them. An
 * unavailable detail is not an error of the repository: the job reports it, and it is requested again at the
 * next sweep (`unread-details.ts`).
 */
export const pullRequestDetails: FurtherStep = {
  kinds: [pullRequests, ...furtherKinds.filter(({ list }) => list.by === 'detail')],
  async compare(context, { full, missing, recentToo }) {
    if (!isReadable(context, pullRequests.name)) return null;
    if (full) await readEvery(context);
    else await readStale(context, missing.size > 0, recentToo);
    // Their list was read before the threads that show whether there are any.
    const isOn = missing.size > 0 && context.kinds.has(pullRequestReviewComments.name);
    return isOn ? recordEmptyComments(context, pullRequestReviewComments) : null;
  },
};

/**
 * Without GraphQL only some are read in a round: the next rounds, and the next full comparison, continue below them, so
 * that each has its turn.
 */
async function readEvery(context: RepositoryContext): Promise<void> {
  const { checkpoints } = context.repository;
  const reached = checkpoints[ALL]?.target;
  if (reached === DONE) return;
  const pace = createDetailPace();
  if (reached === undefined && !(await readLeft(context, pace))) return;
  const below = reached === undefined ? null : Number(reached);
  if (await readSet(context, { of: 'all' }, { below, checkpoint: ALL, pace })) {
    await saveCheckpoint(context, ALL, DONE);
  } else {
    await saveCheckpoint(context, LEFT, context.repository.checkpoints[ALL]?.target ?? null);
  }
}

/** @returns false if GitHub does not answer such queries at all now */
async function readLeft(context: RepositoryContext, pace: DetailPace): Promise<boolean> {
  const left = context.repository.checkpoints[LEFT]?.target;
  if (left === undefined) return true;
  if (!(await readSet(context, { of: 'all' }, { below: Number(left), checkpoint: LEFT, pace }))) return false;
  await saveCheckpoint(context, LEFT, null);
  return true;
}

async function readStale(context: RepositoryContext, missing: boolean, recentToo: boolean): Promise<void> {
  const { id, checkpoints } = context.repository;
  if (missing && checkpoints[MISSING] === undefined) {
    const [any] = await detailTargets(context.orm, id, { of: 'all' }, { below: null, except: [], limit: 1 });
    if (any === undefined) return;
    await saveCheckpoint(context, MISSING, 'begun', (tx) => forgetDetails(tx, id));
  }
  const began = new Date().toISOString();
  const pace = createDetailPace(wasUnavailable(context));
  const at = await databaseTime(sqlOf(context.orm));
  if (!(await readOld(context, at, pace))) return;
  if (recentToo) {
    const reached = checkpoints[RECENT]?.target;
    const below = reached === undefined ? null : Number(reached);
    if (!(await readSet(context, { of: 'recent', at }, { below, checkpoint: RECENT, pace }))) return;
    await saveCheckpoint(context, RECENT, null);
  }
  await readUnread(context, began);
  await readLeft(context, pace);
}

/**
 * What stays unread stays in the set. If there is more of it than is recorded by number, each reading would begin with the
 * same: so it begins where the last one ended, and then with the newest.
 */
async function readOld(context: RepositoryContext, at: string, pace: DetailPace): Promise<boolean> {
  const old: DetailSet = { of: 'old', at };
  const reached = context.repository.checkpoints[OLD]?.target;
  if (reached !== undefined) {
    if (!(await readSet(context, old, { below: Number(reached), checkpoint: OLD, pace }))) return false;
    await saveCheckpoint(context, OLD, null);
  }
  if (!(await readSet(context, old, { below: null, checkpoint: OLD, pace }))) return false;
  await saveCheckpoint(context, OLD, null);
  return true;
}

interface SetReading {
  /** begins below this id; null: with the newest */
  below: number | null;
  checkpoint: string;
  pace: DetailPace;
}

/**
 * Reads the details of a set of pull requests.
 *
 * @returns false if GitHub does not answer such queries at all now
 * @throws TimeSliceExpired between two queries
 */
async function readSet(
  context: RepositoryContext,
  set: DetailSet,
  { below: from, checkpoint, pace }: SetReading,
): Promise<boolean> {
  let below = from;
  for (let questions = 1; ; questions += 1) {
    const except = set.of === 'all' ? [] : unreadDetails(context).flatMap(({ number }) => number ?? []);
    const options = { below, except, limit: MAX_DETAILS };
    const targets = await detailTargets(context.orm, context.repository.id, set, options);
    const { unavailable } = await readAndRecord(context, targets, pace);
    if (unavailable !== null) return false;
    below = targets.at(-1)?.id ?? null;
    if (targets.length < MAX_DETAILS || below === null) return true;
    // Of the old ones, all that were read or are recorded by number have left the set.
    if (set.of !== 'old' || wasUnavailable(context)) await saveCheckpoint(context, checkpoint, String(below));
    if (context.shouldYield() && (context.hasNewDeliveries() || questions >= QUESTIONS))
      throw new TimeSliceExpired();
  }
}

/** Requests again those that could not be read before; those whose detail is no longer stale are forgotten. */
async function readUnread(context: RepositoryContext, before: string): Promise<void> {
  const due = longestUnread(context, before);
  if (due.length === 0) return;
  const found = await detailTargetsByNumber(sqlOf(context.orm), context.repository.id, due);
  const targets = found.filter(({ stale }) => stale);
  const stale = new Set(targets.map(({ number }) => number));
  const upToDate = due.filter((number) => !stale.has(number));
  await recordUnreadDetails(context, { ...nothingRead, had: upToDate });
  await readAndRecord(context, targets, createDetailPace(true));
}

async function readAndRecord(
  context: RepositoryContext,
  targets: readonly DetailTarget[],
  pace: DetailPace,
): Promise<DetailsOutcome> {
  const read = await readDetails(
    context,
    targets,
    (details, date) => storeDetails(context, targets, details, date),
    pace,
  );
  await recordUnreadDetails(context, read);
  return read;
}

/** @param beside what else to write in the same transaction */
async function saveCheckpoint(
  context: RepositoryFacts & RepositoryWriter,
  name: string,
  target: string | null,
  beside?: (tx: Sql) => Promise<void>,
): Promise<void> {
  const { checkpoints } = context.repository;
  if (target === null && checkpoints[name] === undefined) return;
  const checkpoint = target === null ? null : atTarget(target);
  await context.save(async (tx) => {
    await beside?.(tx);
    await context.saveCheckpoint(tx, name, checkpoint);
  });
}
