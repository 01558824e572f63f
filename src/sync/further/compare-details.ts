import {
  detailTargets,
  detailTargetsByNumber,
  type DetailSet,
  type DetailTarget,
} from '../../db/queries/pull-request-details.ts';
import { sqlOf, type Sql } from '../../db/orm.ts';
import { forgetDetails } from '../../db/writes/pull-request-details.ts';
import { pullRequestReviews } from '../../entities/pull-request-reviews.ts';
import { pullRequestReviewThreads } from '../../entities/pull-request-review-threads.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import { OutOfTime, type RepositoryWork } from '../repository-work.ts';
import { createDetailPace, MAX_DETAILS, type DetailPace } from './detail-pace.ts';
import type { FurtherStep } from './further-step.ts';
import { readDetails, type DetailsRead } from './read-details.ts';
import { storeDetails } from './store-details.ts';
import { longestUnread, noteUnreadDetails, unreadDetails, wasAway } from './unread-details.ts';

/** Checkpoints: the lowest id whose detail was read of all, and of those that changed just now. */
const ALL = 'further pull request details all';
const YOUNG = 'further pull request details young';
/** All details were forgotten, so that what is not read yet is stale. */
const MISSING = 'further pull request details missing';
/** Further rounds of the same full comparison, for what is behind it, do not read it again. */
const DONE = 'done';
/** So many questions are asked in a round whose time is up, unless a delivery waits: fewer would hardly get on. */
const QUESTIONS = 4;

/**
 * The detail of pull requests, newest first: of those that changed since it was read, or of all of them. One that cannot be
 * had is no error of the repository: it is told in the job, and asked for again at the next sweep (`unread-details.ts`).
 */
export const pullRequestDetails: FurtherStep = {
  kinds: [pullRequests, pullRequestReviews, pullRequestReviewThreads],
  async compare(work, { full, missing, youngToo }) {
    if (!work.may.pullRequests || !work.repository.has_pull_requests) return null;
    if (full) await readEvery(work);
    else await readStale(work, missing.size > 0, youngToo);
    return null;
  },
};

async function readEvery(work: RepositoryWork): Promise<void> {
  const reached = work.repository.walks[ALL]?.target;
  if (reached === DONE) return;
  const below = reached === undefined ? null : Number(reached);
  const isThrough = await readSet(work, 'all', { below, checkpoint: ALL, pace: createDetailPace() });
  if (isThrough) await saveCheckpoint(work, ALL, DONE);
}

async function readStale(work: RepositoryWork, missing: boolean, youngToo: boolean): Promise<void> {
  const { id, walks } = work.repository;
  if (missing && walks[MISSING] === undefined) {
    const [any] = await detailTargets(sqlOf(work.orm), id, 'all', { below: null, except: [], limit: 1 });
    if (any === undefined) return;
    await saveCheckpoint(work, MISSING, 'begun', (tx) => forgetDetails(tx, id));
  }
  const began = new Date().toISOString();
  const pace = createDetailPace(wasAway(work));
  if (!(await readSet(work, 'old', { below: null, checkpoint: null, pace }))) return;
  if (youngToo) {
    const reached = walks[YOUNG]?.target;
    const below = reached === undefined ? null : Number(reached);
    if (!(await readSet(work, 'young', { below, checkpoint: YOUNG, pace }))) return;
    await saveCheckpoint(work, YOUNG, null);
  }
  await readUnread(work, began);
}

interface SetReading {
  /** begins below this id; null: with the newest */
  below: number | null;
  /** where it is kept how far the reading came; null where what was read is not in the set any more */
  checkpoint: string | null;
  pace: DetailPace;
}

/**
 * Reads the details of a set of pull requests.
 *
 * @returns false when GitHub does not answer such questions at all now
 * @throws OutOfTime between two questions
 */
async function readSet(
  work: RepositoryWork,
  which: DetailSet,
  { below: from, checkpoint, pace }: SetReading,
): Promise<boolean> {
  let below = from;
  for (let questions = 1; ; questions += 1) {
    const except = which === 'all' ? [] : unreadDetails(work).flatMap(({ number }) => number ?? []);
    const options = { below, except, limit: MAX_DETAILS };
    const targets = await detailTargets(sqlOf(work.orm), work.repository.id, which, options);
    const { away } = await readNoting(work, targets, pace);
    if (away !== null) return false;
    below = targets.at(-1)?.id ?? null;
    if (targets.length < MAX_DETAILS || below === null) return true;
    if (checkpoint !== null) await saveCheckpoint(work, checkpoint, String(below));
    if (work.timeIsUp() && (work.hasNews() || questions >= QUESTIONS)) throw new OutOfTime();
  }
}

/** Asks again for those that could not be had before; what has no stale detail any more is forgotten. */
async function readUnread(work: RepositoryWork, before: string): Promise<void> {
  const due = longestUnread(work, before);
  if (due.length === 0) return;
  const found = await detailTargetsByNumber(sqlOf(work.orm), work.repository.id, due);
  const targets = found.filter(({ stale }) => stale);
  const stale = new Set(targets.map(({ number }) => number));
  const settled = due.filter((number) => !stale.has(number));
  await noteUnreadDetails(work, { absent: [], had: settled, leftOut: [], away: null });
  await readNoting(work, targets, createDetailPace(true));
}

async function readNoting(
  work: RepositoryWork,
  targets: readonly DetailTarget[],
  pace: DetailPace,
): Promise<DetailsRead> {
  const read = await readDetails(
    work,
    targets,
    (details, date) => storeDetails(work, targets, details, date),
    pace,
  );
  await noteUnreadDetails(work, read);
  return read;
}

/** @param beside what else is written in the same transaction */
async function saveCheckpoint(
  work: RepositoryWork,
  name: string,
  target: string | null,
  beside?: (tx: Sql) => Promise<void>,
): Promise<void> {
  const { walks } = work.repository;
  if (target === null && walks[name] === undefined) return;
  const walk = target === null ? null : { url: '', began_at: new Date().toISOString(), target };
  await work.save(async (tx) => {
    await beside?.(tx);
    await work.saveWalk(tx, name, walk);
    return {};
  });
  if (walk === null) delete walks[name];
  else walks[name] = walk;
}
