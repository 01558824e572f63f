import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isErrorCode, SyncError } from '../errors.ts';
import type { Job } from '../model.ts';
import { syncNowUpdate } from '../workflows/messages.ts';
import { ASKED_CALL_MS, callTemporal, isExhausted, temporalError } from './call.ts';
import { howItEnded, type EndOfRun } from './how-it-ended.ts';
import { startOptions, withAttributes, type WakeTarget } from './wake.ts';

export type SyncNowOutcome =
  | { state: 'finished'; job: Job }
  /** it is working on the update, in this run */
  | { state: 'accepted'; workflow_id: string; run_id: string }
  /** no worker accepted it, or Temporal accepts no more of them for now: it is not stored */
  | { state: 'unanswered' };

/**
 * Compares a repository (an installation) with GitHub now, starting the workflow if it is not running, and
 * waits for the finished job.
 *
 * @param signal ends the waiting, not the work
 * @throws SyncError with the code of the failure, or TEMPORAL_UNAVAILABLE
 */
export async function syncNow(
  client: Client,
  target: WakeTarget,
  signal: AbortSignal,
): Promise<SyncNowOutcome> {
  const { type, typedSearchAttributes, ...options } = startOptions(target, 'manual');
  let outcome: SyncNowOutcome = { state: 'unanswered' };
  try {
    await client.connection.withAbortSignal(signal, async () => {
      const { update, runId } = await withAttributes(typedSearchAttributes, async (pairs) => {
        const operation = new WithStartWorkflowOperation(type, {
          ...options,
          typedSearchAttributes: pairs,
          workflowIdConflictPolicy: 'USE_EXISTING',
        });
        const accepted = await client.workflow.startUpdateWithStart(syncNowUpdate, {
          waitForStage: 'ACCEPTED',
          startWorkflowOperation: operation,
        });
        return { update: accepted, runId: accepted.workflowRunId };
      });
      outcome = { state: 'accepted', workflow_id: options.workflowId, run_id: runId ?? '' };
      outcome = { state: 'finished', job: await update.result() };
    });
    return outcome;
  } catch (error) {
    if ((signal.aborted && isWaitingEnded(error)) || isExhausted(error)) return outcome;
    const failure = isEndedRun(error) ? await endedRun(client, outcome, error) : failureOf(error);
    // The run that accepted it continued as new.
    if (failure instanceof SyncError && failure.code === 'STILL_RUNNING') return outcome;
    throw failure;
  }
}

function isWaitingEnded(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    isGrpcCancelledError(error) ||
    isGrpcDeadlineError(error) ||
    (error instanceof Error && error.cause !== undefined && isWaitingEnded(error.cause))
  );
}

/**
 * The type of the failure with which Temporal's server answers an accepted update when its run is closed, for example
 * by a person who terminates it (`acceptedUpdateCompletedWorkflowFailure`, service/history/workflow/update).
 */
const RUN_CLOSED = 'AcceptedUpdateCompletedWorkflow';

function isEndedRun(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateFailedError &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === RUN_CLOSED
  );
}

/** How the run ended that had accepted the update. */
async function endedRun(client: Client, outcome: SyncNowOutcome, cause: unknown): Promise<SyncError> {
  const { code, message } = await describeEnd(client, outcome).catch((): EndOfRun => ({
    code: 'JOB_ABANDONED',
    message: 'its workflow ended',
  }));
  return new SyncError(code, message, { cause });
}

async function describeEnd(client: Client, outcome: SyncNowOutcome): Promise<EndOfRun> {
  if (outcome.state !== 'accepted') throw new Error('no run accepted it');
  const { workflow_id: workflowId, run_id: runId } = outcome;
  const { status } = await callTemporal(client, ASKED_CALL_MS, () =>
    client.workflow.getHandle(workflowId, runId).describe(),
  );
  return howItEnded(status.name);
}

/** Workflows fail with `ApplicationFailure.type` = a code from the error table. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof WorkflowUpdateFailedError)) return temporalError(error);
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) {
      return new SyncError(cause.type, cause.message, { cause: error });
    }
  }
  return new SyncError('UNKNOWN', error.cause?.message ?? error.message, { cause: error });
}
