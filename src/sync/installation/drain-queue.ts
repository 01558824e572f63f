import { sqlOf } from '../../db/orm.ts';
import { countQueued } from '../../db/repository-sync/queued-repositories.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { compareQueued, type QueuedOutcome, type Stopped } from './compare-queued.ts';
import { queuedPurpose } from '../repository/queued-purpose.ts';
import { createQueueReader } from './queue-reader.ts';

export interface DrainQueueRequest {
  installationId: number;
  jobId: string;
  owner: string;
  /** no repository is begun after this, and a long one is interrupted */
  budgetMs: number;
  signal?: AbortSignal;
  onProgress: () => void;
}

export interface DrainQueueOutcome {
  /** repositories still queued, and when the first of them may be begun */
  remaining: number;
  /** how many of them have their required kinds and wait for the others; results of earlier versions lack it */
  backfills?: number;
  afterMs: number;
  /** why nothing more can be done now, and when it can */
  stopped: Stopped | null;
}

/** Concurrent repositories. Their requests share the installation's limiter; this keeps it busy. */
const SIDE_BY_SIDE = 6;
/**
 * After this many repositories in a row (two per lane) whose rate limit is kept from sweeps, no other of that
 * purpose is begun: each costs some ten transactions.
 */
const KEPT_IN_A_ROW = 2 * SIDE_BY_SIDE;

/**
 * Takes repositories of an installation from the queue and compares them, several at a time, until the queue is
 * empty or the time is up. Small ones that were never compared come first and are imported together. Among the
 * others those not yet begun come first, so that none waits behind a huge one for longer than its time slice.
 */
export async function drainQueue(
  deps: SyncDependencies,
  request: DrainQueueRequest,
): Promise<DrainQueueOutcome> {
  const { installationId, jobId, owner, onProgress } = request;
  const deadline = Date.now() + request.budgetMs;
  /** Ends all lanes if the database is unavailable: none continues after the activity has failed. */
  const away = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, away.signal]) : away.signal;
  let stopped: Stopped | null = null;
  /**
   * The first lane that must leave GitHub's rate limit to other work: the other lanes continue, and it stops
   * nothing until they are done.
   */
  let kept: Stopped | null = null;
  let keptInARow = 0;
  const queue = createQueueReader(deps, {
    installationId,
    jobId,
    owner,
    signal,
    isOver: () => stopped !== null || Date.now() >= deadline || signal.aborted,
    onProgress,
    onFailed: (error) => away.abort(error),
  });

  async function compareAlong(): Promise<void> {
    for (let one = await queue.next(); one !== null; one = await queue.next()) {
      let state: QueuedOutcome['state'] = 'passed';
      try {
        const outcome = await compareQueued(deps, { jobId, owner, deadline, signal }, one);
        state = outcome.state;
        if (outcome.state === 'stopped' && outcome.isBudgetKept) {
          kept ??= outcome.reason;
          const purpose = queuedPurpose(one.mode, one.isNew);
          // An import or a verification needs both APIs. What a sweep found changed may need only the one whose
          // rate limit is not kept, so several are tried; those that are left wait for the reset.
          if (purpose === 'sweeps') keptInARow += 1;
          if (purpose !== 'sweeps' || keptInARow >= KEPT_IN_A_ROW) queue.skip(purpose);
        } else if (outcome.state === 'stopped') stopped ??= outcome.reason;
        else keptInARow = 0;
      } finally {
        queue.end(one, state);
      }
      onProgress();
    }
  }

  const lanes = Array.from({ length: SIDE_BY_SIDE }, () =>
    compareAlong().catch((error: unknown) => away.abort(error)),
  );
  await Promise.all(lanes);
  await queue.close();
  if (away.signal.aborted) throw away.signal.reason;
  const { queued, backfills, afterMs } = await countQueued(sqlOf(deps.orm), installationId);
  return { remaining: queued, backfills, afterMs, stopped: stopped ?? kept };
}
