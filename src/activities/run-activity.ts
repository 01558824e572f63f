import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Trigger } from '../model.ts';
import type { SyncDependencies } from '../sync/context/sync-request.ts';
import { toFailure } from './failure.ts';

export interface ActivityDependencies extends SyncDependencies {
  /** an interval of the sweep in milliseconds, and over how long complete comparisons are spread */
  sweepIntervalMs: number;
  verifyIntervalMs: number;
  /** repositories compared less than so long ago are passed over by a sweep */
  freshForMs: number;
  /** starts the import of an installation, or tells the one at work to look again */
  wakeImport: (installation: { id: number; label: string | null }) => Promise<void>;
  /** wakes the workflow of a repository; any trigger but `webhook` compares the whole */
  wakeRepository: (
    repository: { id: number; installationId: number; label: string | null },
    trigger: Trigger,
  ) => Promise<void>;
  /** the public address of the dashboard, without a slash at its end; null where nobody knows it */
  dashboardUrl: string | null;
  /** where Temporal's Web UI shows a run; null where its address is unknown */
  temporalUrl: (run: { workflow_id: string; run_id: string }) => string | null;
  /** false where the namespace lacks them and the worker may not create them */
  searchAttributesExist: () => boolean;
}

/** Three are missed before the server takes the worker for dead (`heartbeatTimeout`). */
const HEARTBEAT_MS = 5000;

export interface Run {
  signal: AbortSignal;
  /** the same for every attempt of this activity: its leases are taken over by the next attempt at once */
  owner: string;
  /** Temporal does not run it again should it fail */
  isLastTry: boolean;
}

/**
 * Runs an activity's work: heartbeats while it lasts, stops at cancellation, and turns its errors into
 * failures whose type is a code of the error table.
 */
export async function runActivity<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const info = activityInfo();
  const beating = setInterval(() => heartbeat(), HEARTBEAT_MS);
  const signal = cancellationSignal();
  try {
    const owner = `${info.workflowExecution?.runId ?? ''}/${info.activityId}`;
    return await work({
      signal,
      owner,
      isLastTry: info.attempt >= (info.retryPolicy?.maximumAttempts ?? Infinity),
    });
  } catch (error) {
    // A request that the cancellation aborted fails in its own words; the cancellation is the reason.
    signal.throwIfAborted();
    throw toFailure(error);
  } finally {
    clearInterval(beating);
  }
}
