import { activityInfo, cancellationSignal, heartbeat, log, type Info } from '@temporalio/activity';
import type { Job, Trigger } from '../model.ts';
import type { SyncDependencies } from '../sync/context/sync-request.ts';
import { describeError, toFailure } from './failure.ts';

export interface ActivityDependencies extends SyncDependencies {
  /** the sweep's period in milliseconds, and the time over which full comparisons are spread */
  sweepIntervalMs: number;
  verifyIntervalMs: number;
  /** a sweep skips repositories that were compared less than this long ago */
  freshForMs: number;
  /** starts the import of an installation, or tells the running one to look again */
  wakeImport: (installation: { id: number; label: string | null }, trigger: Trigger) => Promise<void>;
  /** wakes the workflow of a repository; any trigger but `webhook` compares everything */
  wakeRepository: (
    repository: { id: number; installationId: number; label: string | null },
    trigger: Trigger,
  ) => Promise<void>;
  /** ends a job whose workflow ended without doing so; says how its workflow stands */
  reapJob: (job: Job) => Promise<'running' | 'closing' | 'ended'>;
  /** the public address of the dashboard, without a trailing slash; null if unknown */
  dashboardUrl: string | null;
  /** where Temporal's Web UI shows a run; null if its address is unknown */
  temporalUrl: (run: { workflow_id: string; run_id: string }) => string | null;
  /** false if the namespace lacks them and the worker may not create them */
  searchAttributesExist: () => boolean;
}

/** Three may be missed before the server considers the worker dead (`heartbeatTimeout`). */
const HEARTBEAT_MS = 5000;

export interface Run {
  signal: AbortSignal;
  /** the same for every attempt of this activity, so that the next attempt takes over its leases at once */
  owner: string;
  /**
   * whether this attempt is the last if it fails now: no more are allowed, or what is left of the time for all of them is
   * less than it has taken
   */
  isLastTry: () => boolean;
}

/**
 * Runs an activity's work: sends heartbeats while it lasts, stops at cancellation, and converts its errors into
 * failures whose type is a code from the error table. An unexpected error is logged with its stack.
 */
export async function runActivity<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const info = activityInfo();
  const heartbeats = setInterval(() => heartbeat(), HEARTBEAT_MS);
  const signal = cancellationSignal();
  const begun = performance.now();
  try {
    const owner = `${info.workflowExecution?.runId ?? ''}/${info.activityId}`;
    return await work({
      signal,
      owner,
      isLastTry: () => isLast(info, performance.now() - begun),
    });
  } catch (error) {
    // A request aborted by the cancellation fails with its own error; the cancellation is the reason.
    signal.throwIfAborted();
    const failure = toFailure(error);
    // Temporal is told no stack: without this line nobody could find the defect. What the database lacks may be a mistake in
    // a statement.
    if (failure.type === 'UNKNOWN' || failure.type === 'SCHEMA_MISMATCH')
      log.error('an activity met an unexpected error', { err: error });
    // Whoever looks for the reason here finds it, although work only waits: health may find the database up, because reads
    // still succeed while its disk is full.
    if (failure.type === 'DATABASE_UNAVAILABLE')
      log.warn('an activity waits for the database', { reason: describeError(error).message });
    throw failure;
  } finally {
    clearInterval(heartbeats);
  }
}

/** @param tookMs how long this attempt has taken */
function isLast(info: Info, tookMs: number): boolean {
  if (info.attempt >= (info.retryPolicy?.maximumAttempts ?? Infinity)) return true;
  // Temporal tells an activity without that limit that it has none left.
  if (info.scheduleToCloseTimeoutMs === 0) return false;
  // Both times are the server's.
  const beforeMs = info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs;
  return info.scheduleToCloseTimeoutMs - beforeMs - tookMs < tookMs;
}
