import { sqlOf } from '../../db/orm.ts';
import { countQueued, nextQueued, type QueuedRepository } from '../../db/queue/queued-repositories.ts';
import { describeState } from '../../db/database-errors.ts';
import { addToJob, recordJobError } from '../../db/jobs/write-jobs.ts';
import { writeUnleased } from '../../db/repositories/repository-lease.ts';
import { countRound, failComparison } from '../../db/repositories/repository-progress.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import { BudgetKept } from '../../github/session/limiter.ts';
import { faultOf } from '../fault.ts';
import { leaseSmallRepositories, type LeasedRepositories } from '../../db/queue/lease-small-repositories.ts';
import { importSmallRepositories } from './import-small-repositories.ts';
import { syncRepository } from '../repository/sync-repository.ts';
import type { SyncDependencies } from '../repository/sync-request.ts';

export interface DrainQueueRequest {
  installationId: number;
  jobId: string;
  owner: string;
  /** no repository is begun after so long; a long one is interrupted then */
  budgetMs: number;
  signal?: AbortSignal;
  onProgress: () => void;
}

export interface DrainQueueOutcome {
  /** repositories that still wait, and in how long the first of them may be begun */
  remaining: number;
  afterMs: number;
  /** why nothing more can be done now, and when it can */
  stopped: { code: ErrorCode; message: string; retryAfterMs: number } | null;
}

/** Repositories side by side. Their requests share the installation's limiter; this keeps it busy. */
const SIDE_BY_SIDE = 6;
/** Taken from the queue at a time. */
const PAGE = 20;
/** Small repositories that share their statements, and how many times so many are under way at once: it bounds memory. */
const TOGETHER = 10;
const TIMES_TOGETHER = 2;
/** After so many failed rounds a repository is left to the next sweep. */
const ROUNDS = 5;
/** After the first failed round; twice as long after each further one. */
const RETRY_MS = 1000;

/**
 * Takes repositories of an installation from the queue and compares them, several at a time, until the queue
 * is empty or the time is up. Small ones that were never compared come first, and are imported together; of the others
 * those that were not begun: none waits behind a huge one for longer than its slice of time.
 */
export async function drainQueue(
  deps: SyncDependencies,
  request: DrainQueueRequest,
): Promise<DrainQueueOutcome> {
  const db = sqlOf(deps.orm);
  const deadline = Date.now() + request.budgetMs;
  const page: QueuedRepository[] = [];
  /** small ones that are imported together, until there are but few left */
  const together = new Set<Promise<unknown>>();
  /** those of them that turned out to need a comparison of their own */
  const alone = new Set<number>();
  let hasSmall = true;
  let reading: Promise<boolean> | null = null;
  const underWay = new Set<number>();
  /** not again in this call: done, or failed just now */
  const passed = new Set<number>();
  const stop: Pick<DrainQueueOutcome, 'stopped'> = { stopped: null };
  /** The first that has to leave GitHub's budget to others: these go on, and it stops nobody until they are through. */
  let kept: DrainQueueOutcome['stopped'] = null;
  /** Ends all lanes when the database is away: none continues after the activity has failed. */
  const away = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, away.signal]) : away.signal;

  async function worker(): Promise<void> {
    while (stop.stopped === null && Date.now() < deadline && !signal.aborted) {
      const next = page.shift();
      if (next === undefined) {
        // All lanes wait for the same page.
        reading ??= readPage().finally(() => {
          reading = null;
        });
        if (await reading) continue;
        return;
      }
      underWay.add(next.id);
      try {
        await compareOne(next);
      } finally {
        underWay.delete(next.id);
      }
      request.onProgress();
    }
  }

  async function readPage(): Promise<boolean> {
    if (hasSmall) {
      while (together.size >= TIMES_TOGETHER) await Promise.race(together);
      const { installationId, owner } = request;
      const options = { except: [...underWay, ...alone], owner, limit: TOGETHER };
      const small = await leaseSmallRepositories(deps.orm, installationId, options);
      if (small !== null) {
        const work: Promise<unknown> = importTogether(small)
          .catch((error: unknown) => away.abort(error))
          .finally(() => together.delete(work));
        together.add(work);
        return true;
      }
      hasSmall = false;
    }
    const queued = await nextQueued(deps.orm, request.installationId, {
      except: [...underWay, ...passed],
      owner: request.owner,
      limit: PAGE,
    });
    page.push(...queued);
    if (queued.length > 0 || together.size === 0) return queued.length > 0;
    // What they leave is still to be compared.
    await Promise.race(together);
    return true;
  }

  async function importTogether(small: LeasedRepositories): Promise<void> {
    const ids = small.repositories.map(({ id }) => id);
    for (const id of ids) underWay.add(id);
    const done = await importSmallRepositories(deps, small, { ...request, signal });
    for (const id of ids) underWay.delete(id);
    for (const id of done) passed.add(id);
    const rest = small.repositories.filter(({ id }) => !passed.has(id));
    for (const { id } of rest) alone.add(id);
    page.push(...rest.map(({ id, queuedAt }): QueuedRepository => ({ id, queuedAt, mode: 'incremental' })));
    request.onProgress();
  }

  async function compareOne({ id, mode, queuedAt }: QueuedRepository): Promise<void> {
    try {
      const outcome = await syncRepository(deps, {
        repositoryId: id,
        jobId: request.jobId,
        owner: `${request.owner}/${id}`,
        scope: 'compare',
        mode,
        askWhatIsNew: false,
        queued: true,
        deadline,
        signal,
      });
      if (outcome.state === 'unfinished') {
        await count(id, queuedAt, 0);
        return;
      }
      const { error } = outcome;
      if (error !== null && faultOf(error) === 'installation') throw error;
      passed.add(id);
      // One that comes back for its further kinds was counted with the others.
      const repositories = mode === 'backfill' ? 0 : 1;
      await addToJob(db, request.jobId, { repositories, errors: error === null ? 0 : 1 });
      if (error !== null)
        await recordJobError(db, request.jobId, { code: error.code, message: error.message });
    } catch (error) {
      await handleError(id, queuedAt, error);
    }
  }

  async function handleError(id: number, queuedAt: string, error: unknown): Promise<void> {
    passed.add(id);
    if (signal.aborted) return;
    const fault = faultOf(error);
    if (fault === 'nobody') return;
    // Nothing can be written down: the whole activity is tried again.
    if (fault === 'database') throw error;
    const code = error instanceof SyncError ? error.code : 'UNKNOWN';
    const message = wordsOf(error);
    if (fault === 'installation') {
      const retryAfterMs = (error instanceof SyncError ? error.retryAfterMs : undefined) ?? 30_000;
      const stopped = { code, message, retryAfterMs };
      if (error instanceof BudgetKept) kept ??= stopped;
      else stop.stopped ??= stopped;
      return;
    }
    deps.log.warn({ repositoryId: id, code, err: error }, 'repository could not be compared');
    if ((await count(id, queuedAt, RETRY_MS)) < ROUNDS) return;
    await writeUnleased(deps.orm, id, (tx) => failComparison(tx, id, queuedAt, { code, message }));
    await addToJob(db, request.jobId, { repositories: 1, errors: 1 });
    await recordJobError(db, request.jobId, { code, message });
  }

  async function count(id: number, queuedAt: string, retryMs: number): Promise<number> {
    let rounds = 0;
    await writeUnleased(deps.orm, id, async (tx) => {
      rounds = await countRound(tx, id, queuedAt, retryMs);
    });
    return rounds;
  }

  async function lane(): Promise<void> {
    try {
      await worker();
    } catch (error) {
      away.abort(error);
      throw error;
    }
  }

  await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, lane));
  // Their leases are held until they end.
  await Promise.allSettled(together);
  if (away.signal.aborted) throw away.signal.reason;
  const { queued, afterMs } = await countQueued(db, request.installationId);
  return { remaining: queued, afterMs, stopped: stop.stopped ?? kept };
}

/** Of an error of PostgreSQL only what it is: its words quote values. */
function wordsOf(error: unknown): string {
  const state = error instanceof SyncError ? null : describeState(error);
  if (state !== null) return `PostgreSQL refused it: ${state}`;
  return error instanceof Error ? error.message : String(error);
}
