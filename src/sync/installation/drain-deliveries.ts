import { setTimeout as sleep } from 'node:timers/promises';
import {
  dirtyRepositories,
  isReceiving,
  type DirtyRepository,
} from '../../db/deliveries/dirty-repositories.ts';
import { finishDeliveryJobs, openDeliveryJobs, type DeliveryRun } from '../../db/jobs/delivery-jobs.ts';
import type { JobError } from '../../db/jobs/write-jobs.ts';
import { sqlOf } from '../../db/orm.ts';
import { findRepository } from '../../db/repositories/repository-state.ts';
import { SyncError } from '../../errors.ts';
import { logEndedJob } from '../../log-ended-job.ts';
import { applyTogether } from '../deliveries/apply-together.ts';
import { faultOf } from '../fault.ts';
import { syncRepository } from '../repository/sync-repository.ts';
import type { SyncDependencies } from '../repository/sync-request.ts';
import { createRests } from './rests.ts';

export interface DrainDeliveriesRequest extends DeliveryRun {
  owner: string;
  /** no repository is begun after so long */
  budgetMs: number;
  signal: AbortSignal;
  /** the job of a repository's deliveries: the same whenever it is asked for */
  jobIdOf: (repositoryId: number) => string;
  /** leaves a repository to the workflow of its own */
  leave: (repository: DirtyRepository, trigger: 'webhook' | 'schedule') => Promise<void>;
}

export interface DrainDeliveriesOutcome {
  /** how many repositories had deliveries */
  repositories: number;
  /** the time is up and deliveries may still come */
  more: boolean;
}

/** Repositories side by side: what payloads contain needs PostgreSQL alone, whose connections are 24. */
const SIDE_BY_SIDE = 8;
/** Taken at a time. */
const PAGE = 40;
/** Fewer are not worth a way of their own. */
const FEWEST_TOGETHER = 2;
/** While nothing is due it is looked again so often, for so long: what follows needs no wake. */
const LOOK_MS = 50;
const QUIET_MS = 1500;
/** One that was busy, or was left to its own workflow, is not looked at for so long. */
const BUSY_MS = 250;
const LEFT_MS = 5000;
/** Once nothing was received for so long nobody rests any more. */
const CALM_MS = 200;

/**
 * Applies what was delivered for any number of repositories of an installation, as one piece of work: until nothing has
 * come for a moment or the time is up. What is more than applying deliveries (a repository without a row, GitHub that
 * cannot be asked, a failure) is left to the workflow of that repository alone.
 */
export async function drainDeliveries(
  deps: SyncDependencies,
  request: DrainDeliveriesRequest,
): Promise<DrainDeliveriesOutcome> {
  const db = sqlOf(deps.orm);
  const deadline = Date.now() + request.budgetMs;
  const underWay = new Map<number, Promise<void>>();
  const passedUntil = new Map<number, number>();
  const rests = createRests();
  const met = new Set<number>();
  const errors = new Map<string, JobError>();
  /** Ends the work when the database is away. */
  const away = new AbortController();
  const signal = AbortSignal.any([request.signal, away.signal]);
  let lastMs = 0;

  async function leave(repository: DirtyRepository, trigger: 'webhook' | 'schedule'): Promise<void> {
    passedUntil.set(repository.id, Date.now() + LEFT_MS);
    // Whose wake fails is found by the poller.
    await request.leave(repository, trigger).catch(() => undefined);
  }

  async function apply(repository: DirtyRepository): Promise<void> {
    const { id } = repository;
    const jobId = request.jobIdOf(id);
    try {
      const outcome = await syncRepository(deps, {
        repositoryId: id,
        jobId,
        owner: `${request.owner}/${id}`,
        scope: 'deliveries',
        mode: 'incremental',
        askWhatIsNew: false,
        deadline,
        signal,
      });
      if (outcome.state === 'unfinished') {
        // Its deliveries are taken up again; a comparison is not, if that is what was begun.
        if ((await findRepository(db, id))?.queued_at != null) await leave(repository, 'schedule');
      } else if (outcome.error === null) {
        errors.delete(jobId);
      } else {
        errors.set(jobId, errorOf(outcome.error));
        await leave(repository, 'webhook');
      }
    } catch (error) {
      if (signal.aborted) return;
      const fault = faultOf(error);
      if (fault === 'database') {
        away.abort(error);
      } else if (fault === 'nobody') {
        passedUntil.set(id, Date.now() + BUSY_MS);
      } else {
        if (error instanceof SyncError) errors.set(jobId, errorOf(error));
        await leave(repository, 'webhook');
      }
    }
  }

  /** Those of a page that payloads alone decide, as one; gives those that have to be applied on their own. */
  async function applyPlain(page: readonly DirtyRepository[]): Promise<Set<number>> {
    const ids = page.filter(({ isPlain }) => isPlain).map(({ id }) => id);
    const others = page.filter(({ isPlain }) => !isPlain).map(({ id }) => id);
    if (ids.length < FEWEST_TOGETHER) return new Set([...others, ...ids]);
    const { installationId, owner, jobIdOf } = request;
    const begunMs = Date.now();
    const { applied, left } = await applyTogether(deps, {
      repositoryIds: ids,
      installationId,
      owner,
      jobIdOf,
      signal,
    });
    lastMs = Date.now();
    for (const id of applied) {
      met.add(id);
      errors.delete(jobIdOf(id));
      rests.begin(id, (lastMs - begunMs) / applied.length);
    }
    return new Set([...others, ...left]);
  }

  async function begin(page: readonly DirtyRepository[]): Promise<void> {
    const own = page.filter(({ isImported }) => isImported);
    const jobs = own.map(({ id }) => ({ id: request.jobIdOf(id), repositoryId: id }));
    const unopened = jobs.filter(({ repositoryId }) => !met.has(repositoryId));
    if (unopened.length > 0) await openDeliveryJobs(db, request, unopened);
    const alone = await applyPlain(own);
    for (const repository of page) {
      if (repository.isImported && !alone.has(repository.id)) continue;
      if (!repository.isImported) {
        await leave(repository, 'webhook');
        continue;
      }
      if (underWay.size >= SIDE_BY_SIDE) await Promise.race(underWay.values());
      if (signal.aborted) return;
      met.add(repository.id);
      const begunMs = Date.now();
      const work = apply(repository).finally(() => {
        underWay.delete(repository.id);
        lastMs = Date.now();
        rests.begin(repository.id, lastMs - begunMs);
      });
      underWay.set(repository.id, work);
    }
  }

  async function drain(): Promise<void> {
    while (!signal.aborted && Date.now() < deadline) {
      const now = Date.now();
      for (const [id, until] of passedUntil) if (until <= now) passedUntil.delete(id);
      if (rests.ids().length > 0 && !(await isReceiving(db, request.installationId, CALM_MS))) rests.end();
      const except = [...underWay.keys(), ...passedUntil.keys(), ...rests.ids()];
      const page = await dirtyRepositories(db, request.installationId, { except, limit: PAGE });
      if (page.length > 0) {
        await begin(page);
        continue;
      }
      if (underWay.size === 0 && now - lastMs > QUIET_MS) return;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  try {
    await drain();
  } finally {
    await Promise.allSettled(underWay.values());
  }
  signal.throwIfAborted();
  // Also where nothing was left to do: an attempt that died may have opened some.
  for (const job of await finishDeliveryJobs(db, request, errors)) logEndedJob(deps.log, job);
  return { repositories: met.size, more: Date.now() >= deadline };
}

function errorOf({ code, message }: SyncError): JobError {
  return { code, message };
}
