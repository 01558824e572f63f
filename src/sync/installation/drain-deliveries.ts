import { setTimeout as sleep } from 'node:timers/promises';
import {
  dirtyRepositories,
  lastReceivedAgo,
  type DirtyRepository,
} from '../../db/deliveries/dirty-repositories.ts';
import { finishDeliveryJobs, openDeliveryJobs, type DeliveryRun } from '../../db/jobs/delivery-jobs.ts';
import type { JobError } from '../../db/jobs/write-jobs.ts';
import { sqlOf } from '../../db/orm.ts';
import { comparisonsLeftByRun } from '../../db/repository-sync/queued-in-job.ts';
import { logEndedJob } from '../../log-ended-job.ts';
import { applyTogether } from '../deliveries/apply-together.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { applyDelivered } from './apply-delivered.ts';
import { createRests, type Rests } from './rests.ts';
import { createTimedIds, type TimedIds } from './timed-ids.ts';

export interface DrainDeliveriesRequest extends DeliveryRun {
  owner: string;
  /** no repository is begun after this */
  budgetMs: number;
  signal: AbortSignal;
  /** the job of a repository's deliveries: the same whenever it is requested */
  jobIdOf: (repositoryId: number) => string;
  /** leaves a repository to its own workflow */
  leave: (repository: Left, trigger: 'webhook' | 'schedule') => Promise<void>;
}

/** A repository that is left to its own workflow. */
type Left = Pick<DirtyRepository, 'id' | 'label'>;

export interface DrainDeliveriesOutcome {
  /** how many repositories had deliveries */
  repositories: number;
  /** the time is up, and more deliveries may arrive */
  more: boolean;
}

/** Concurrent repositories: what payloads contain needs only PostgreSQL, with its 24 connections. */
const SIDE_BY_SIDE = 8;
/**
 * How many are handled together, and how many are taken at a time: two halves side by side, so that one is read and
 * planned while PostgreSQL writes the other.
 */
const TOGETHER = 40;
const PAGE = 2 * TOGETHER;
/** Fewer are not worth handling together. */
const FEWEST_TOGETHER = 2;
/** How often, and for how long, it looks again while nothing is due: deliveries that follow need no wake. */
const LOOK_MS = 50;
const QUIET_MS = 1500;
/** A repository that was busy, or was left to its own workflow, is ignored for this long. */
const BUSY_MS = 250;
const LEFT_MS = 5000;

/** The state of one call. */
interface Draining {
  deps: SyncDependencies;
  request: DrainDeliveriesRequest;
  deadline: number;
  /** aborted if the database is unavailable */
  away: AbortController;
  /** combines the caller's signal and `away` */
  signal: AbortSignal;
  /** repositories in progress, by id */
  underWay: Map<number, Promise<void>>;
  /** those that were busy or left to their own workflow: ignored for a while */
  passed: TimedIds;
  rests: Rests;
  /** those left to their own workflow for a comparison */
  compared: Set<number>;
  /** all that had deliveries */
  met: Set<number>;
  /** by job, why something of its repository could not be done */
  errors: Map<string, JobError>;
  /** `Date.now()` when the last of them ended */
  lastMs: number;
}

/**
 * Applies the deliveries of any number of an installation's repositories, as one piece of work, until none has
 * arrived for a moment or the time is up. Anything beyond applying deliveries (a repository without a row,
 * GitHub unavailable, a failure) is left to that repository's own workflow.
 */
export async function drainDeliveries(
  deps: SyncDependencies,
  request: DrainDeliveriesRequest,
): Promise<DrainDeliveriesOutcome> {
  const away = new AbortController();
  const draining: Draining = {
    deps,
    request,
    deadline: Date.now() + request.budgetMs,
    away,
    signal: AbortSignal.any([request.signal, away.signal]),
    underWay: new Map(),
    passed: createTimedIds(),
    rests: createRests(),
    compared: new Set(),
    met: new Set(),
    errors: new Map(),
    lastMs: 0,
  };
  try {
    await drain(draining);
  } finally {
    await Promise.allSettled(draining.underWay.values());
  }
  draining.signal.throwIfAborted();
  await leaveComparisons(draining);
  // Even if nothing was left to do: an attempt that died may have opened some.
  for (const job of await finishDeliveryJobs(sqlOf(deps.orm), request, draining.errors))
    logEndedJob(deps.log, job);
  return { repositories: draining.met.size, more: Date.now() >= draining.deadline };
}

/** Begins what is due, page by page, until it has been quiet or the time is up. */
async function drain(draining: Draining): Promise<void> {
  const { deps, request, deadline, signal, underWay, passed, rests } = draining;
  const { installationId } = request;
  const db = sqlOf(deps.orm);
  while (!signal.aborted && Date.now() < deadline) {
    const now = Date.now();
    const lookInMs = await endRests(draining);
    const except = [...underWay.keys(), ...passed.ids(), ...rests.ids()];
    const page = await dirtyRepositories(db, installationId, { except, limit: PAGE });
    if (page.length > 0) {
      await beginPage(draining, page);
      continue;
    }
    if (underWay.size === 0 && now - draining.lastMs > QUIET_MS) return;
    await sleep(lookInMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Ends all rests once deliveries no longer stream in. @returns in how many milliseconds to look again */
async function endRests({ deps, request, rests }: Draining): Promise<number> {
  if (rests.ids().length === 0) return LOOK_MS;
  const calmMs = rests.calmMs();
  const ago = await lastReceivedAgo(sqlOf(deps.orm), request.installationId, calmMs);
  if (ago === null) rests.end();
  return ago === null ? LOOK_MS : Math.min(LOOK_MS, Math.ceil(calmMs - ago));
}

async function beginPage(draining: Draining, page: readonly DirtyRepository[]): Promise<void> {
  const own = page.filter(({ isImported }) => isImported);
  await openJobs(draining, own);
  const alone = await applyPlain(draining, own);
  for (const repository of page) {
    if (!repository.isImported) await leave(draining, repository, 'webhook');
    else if (alone.has(repository.id)) await beginAlone(draining, repository);
    if (draining.signal.aborted) return;
  }
}

/** Opens the jobs of repositories that are met for the first time. */
async function openJobs(
  { deps, request, met }: Draining,
  repositories: readonly DirtyRepository[],
): Promise<void> {
  const jobs = repositories
    .filter(({ id }) => !met.has(id))
    .map(({ id }) => ({ id: request.jobIdOf(id), repositoryId: id }));
  if (jobs.length > 0) await openDeliveryJobs(sqlOf(deps.orm), request, jobs);
}

/**
 * Applies together those of a page that payloads alone decide; returns those that must be handled separately.
 */
async function applyPlain(draining: Draining, page: readonly DirtyRepository[]): Promise<Set<number>> {
  const ids = page.filter(({ isPlain }) => isPlain).map(({ id }) => id);
  const others = page.filter(({ isPlain }) => !isPlain).map(({ id }) => id);
  if (ids.length < FEWEST_TOGETHER) return new Set([...others, ...ids]);
  const half = ids.length > TOGETHER ? Math.ceil(ids.length / 2) : ids.length;
  const halves = [ids.slice(0, half), ids.slice(half)].filter(({ length }) => length > 0);
  const work = halves.map((one) => applyThese(draining, one));
  // If one fails, the other must not be at work still.
  await Promise.allSettled(work);
  const left = await Promise.all(work);
  return new Set([...others, ...left.flat()]);
}

/** @returns those that must be handled separately */
async function applyThese(draining: Draining, repositoryIds: readonly number[]): Promise<number[]> {
  const { deps, request, signal, met, errors, rests } = draining;
  const { installationId, owner, jobIdOf } = request;
  const begunMs = Date.now();
  const { applied, left } = await applyTogether(deps, {
    repositoryIds,
    installationId,
    owner,
    jobIdOf,
    signal,
  });
  draining.lastMs = Date.now();
  rests.begin(applied, draining.lastMs - begunMs);
  for (const id of applied) {
    met.add(id);
    errors.delete(jobIdOf(id));
  }
  return left;
}

/** Begins one that must be handled separately, as soon as there is room beside the others. */
async function beginAlone(draining: Draining, repository: DirtyRepository): Promise<void> {
  const { signal, underWay, met, rests } = draining;
  if (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay.values());
  if (signal.aborted) return;
  met.add(repository.id);
  const begunMs = Date.now();
  const work = applyAlone(draining, repository).finally(() => {
    underWay.delete(repository.id);
    draining.lastMs = Date.now();
    rests.begin([repository.id], draining.lastMs - begunMs);
  });
  underWay.set(repository.id, work);
}

async function applyAlone(draining: Draining, repository: DirtyRepository): Promise<void> {
  const { deps, request, deadline, away, signal, passed, errors } = draining;
  const jobId = request.jobIdOf(repository.id);
  try {
    const applying = { jobId, owner: request.owner, deadline, signal };
    const outcome = await applyDelivered(deps, applying, repository.id);
    if (outcome.state === 'applied') errors.delete(jobId);
    if (outcome.state === 'busy') passed.add(repository.id, BUSY_MS);
    if (outcome.state !== 'left') return;
    if (outcome.error !== null) errors.set(jobId, outcome.error);
    await leave(draining, repository, outcome.trigger);
  } catch (error) {
    away.abort(error);
  }
}

/** Leaves a repository to its own workflow. */
async function leave(
  { request, passed, compared }: Draining,
  repository: Left,
  trigger: 'webhook' | 'schedule',
): Promise<void> {
  passed.add(repository.id, LEFT_MS);
  try {
    await request.leave(repository, trigger);
    if (trigger === 'schedule') compared.add(repository.id);
  } catch {
    // The poller finds its deliveries, and `leaveComparisons` its comparison.
  }
}

/**
 * Deliveries are completed in the transaction that queues the comparison they need. If that could not be made (GitHub
 * refused, the attempt died, the wake was lost), nothing but the queue tells of it.
 *
 * @throws if a workflow cannot be woken: the jobs stay open, and the next attempt wakes it
 */
async function leaveComparisons({ deps, request, compared }: Draining): Promise<void> {
  for (const repository of await comparisonsLeftByRun(sqlOf(deps.orm), request))
    if (!compared.has(repository.id)) await request.leave(repository, 'schedule');
}
