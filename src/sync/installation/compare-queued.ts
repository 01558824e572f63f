import { describeState } from '../../db/database-errors.ts';
import { addToJob, recordJobError } from '../../db/jobs/write-jobs.ts';
import { sqlOf } from '../../db/orm.ts';
import type { QueuedRepository } from '../../db/repository-sync/queued-repositories.ts';
import { writeUnleased } from '../../db/repository-sync/repository-lease.ts';
import { countRound, failComparison } from '../../db/repository-sync/repository-progress.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import { loggableMessage } from '../../loggable-error.ts';
import { BudgetKept } from '../../github/session/limiter.ts';
import { faultOf } from '../fault.ts';
import { syncRepository } from '../repository/sync-repository.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

/** After this many failed rounds a repository is left to the next sweep. */
const ROUNDS = 5;
/** The delay after the first failed round; it doubles after each further one. */
const RETRY_MS = 1000;
/** The delay if GitHub does not say how long nothing more is available. */
const STOPPED_MS = 30_000;

interface ComparingQueued {
  jobId: string;
  owner: string;
  /** `Date.now()` after which a long one is interrupted */
  deadline: number;
  signal: AbortSignal;
}

/** Why nothing more of an installation can be done now, and when it can. */
export interface Stopped {
  code: ErrorCode;
  message: string;
  retryAfterMs: number;
}

/**
 * `compared`: without an error. `passed`: not to be retried now. `stopped`: nor can any other repository of the
 * installation.
 */
export type QueuedOutcome =
  | { state: 'unfinished' | 'compared' | 'passed' }
  | { state: 'stopped'; reason: Stopped; isBudgetKept: boolean };

/**
 * Compares a queued repository and records the outcome in the job and in the queue.
 *
 * @throws if nothing can be written
 */
export async function compareQueued(
  deps: SyncDependencies,
  comparing: ComparingQueued,
  { id, mode, queuedAt }: QueuedRepository,
): Promise<QueuedOutcome> {
  const { jobId, owner, deadline, signal } = comparing;
  const db = sqlOf(deps.orm);
  try {
    const outcome = await syncRepository(deps, {
      repositoryId: id,
      jobId,
      owner: `${owner}/${id}`,
      scope: 'compare',
      mode,
      shouldProbe: false,
      queued: true,
      deadline,
      signal,
    });
    if (outcome.state === 'unfinished') {
      await countRoundOf(deps, id, queuedAt, 0);
      return { state: 'unfinished' };
    }
    const { error } = outcome;
    if (error !== null && faultOf(error) === 'installation') throw error;
    // One that returns for its further kinds was counted with the others.
    const repositories = mode === 'backfill' ? 0 : 1;
    const errors = error === null ? {} : { [error.code]: 1 };
    await addToJob(db, jobId, { repositories, errors });
    if (error === null) return { state: 'compared' };
    await recordJobError(db, jobId, error);
    return { state: 'passed' };
  } catch (error) {
    return handleError(deps, comparing, { id, queuedAt }, error);
  }
}

async function handleError(
  deps: SyncDependencies,
  { jobId, signal }: ComparingQueued,
  { id, queuedAt }: Pick<QueuedRepository, 'id' | 'queuedAt'>,
  error: unknown,
): Promise<QueuedOutcome> {
  const fault = faultOf(error);
  if (signal.aborted || fault === 'nobody') return { state: 'passed' };
  // Nothing can be written: the whole activity is retried.
  if (fault === 'database') throw error;
  const code = error instanceof SyncError ? error.code : 'UNKNOWN';
  const message = wordsOf(error);
  if (fault === 'installation') {
    const retryAfterMs = (error instanceof SyncError ? error.retryAfterMs : undefined) ?? STOPPED_MS;
    const reason = { code, message, retryAfterMs };
    return { state: 'stopped', reason, isBudgetKept: error instanceof BudgetKept };
  }
  deps.log.warn({ repositoryId: id, code, err: error }, 'repository could not be compared');
  if ((await countRoundOf(deps, id, queuedAt, RETRY_MS)) >= ROUNDS) {
    const db = sqlOf(deps.orm);
    await writeUnleased(deps.orm, id, (tx) => failComparison(tx, id, queuedAt, { code, message }));
    await addToJob(db, jobId, { repositories: 1, errors: { [code]: 1 } });
    await recordJobError(db, jobId, { code, message });
  }
  return { state: 'passed' };
}

async function countRoundOf(
  { orm }: SyncDependencies,
  id: number,
  queuedAt: string,
  retryMs: number,
): Promise<number> {
  let rounds = 0;
  await writeUnleased(orm, id, async (tx) => {
    rounds = await countRound(tx, id, queuedAt, retryMs);
  });
  return rounds;
}

/** For an error of PostgreSQL only what kind it is: its message quotes values. */
function wordsOf(error: unknown): string {
  const state = error instanceof SyncError ? null : describeState(error);
  if (state !== null) return `PostgreSQL refused it: ${state}`;
  return error instanceof Error ? loggableMessage(error) : String(error);
}
