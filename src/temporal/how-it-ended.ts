import { WorkflowNotFoundError, type Client, type WorkflowExecutionStatusName } from '@temporalio/client';
import { callTemporal } from './call.ts';

/** `HistoryEventFilterType` of Temporal's API (temporal/api/enums/v1/workflow.proto). */
const CLOSE_EVENT = 2;

/** Why a run did not end its work itself, as a code from the error table and a sentence. */
export interface EndOfRun {
  code: 'JOB_CANCELLED' | 'JOB_ABANDONED';
  message: string;
}

/** How a chain of runs ended, and when; null if that is not known any more. */
export interface EndOfChain extends EndOfRun {
  closedAt: Date | null;
}

/** How the work of a run ended that Temporal closed: a person cancelled or terminated it, or it failed. */
export function howItEnded(status: WorkflowExecutionStatusName): EndOfRun {
  const isCancelled = status === 'CANCELLED' || status === 'TERMINATED';
  return {
    code: isCancelled ? 'JOB_CANCELLED' : 'JOB_ABANDONED',
    message: `its workflow ended as ${status}`,
  };
}

/**
 * How the chain of runs ended that began with this run and continued as new.
 *
 * @param deadlineMs of each call
 * @returns null while one of its runs is running
 * @throws SyncError TEMPORAL_UNAVAILABLE
 */
export async function howChainEnded(
  client: Client,
  { workflow_id: workflowId, run_id: firstRunId }: { workflow_id: string; run_id: string },
  deadlineMs: number,
): Promise<EndOfChain | null> {
  const describe = (runId?: string) =>
    callTemporal(client, deadlineMs, () => client.workflow.getHandle(workflowId, runId).describe());
  try {
    let run = await describe();
    // A later chain of the same id says nothing about this one: its own runs do.
    if ((run.raw.workflowExecutionInfo?.firstRunId || run.runId) !== firstRunId)
      run = await describe(firstRunId);
    while (run.status.name === 'CONTINUED_AS_NEW') {
      const { runId } = run;
      const next = await callTemporal(client, deadlineMs, () => successorOf(client, workflowId, runId));
      if (next === null) break;
      run = await describe(next);
    }
    const { status, closeTime = null } = run;
    if (status.name === 'RUNNING' || status.name === 'PAUSED') return null;
    return { ...howItEnded(status.name), closedAt: closeTime };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return { code: 'JOB_ABANDONED', message: 'Temporal does not know its workflow', closedAt: null };
  }
}

/** The run that continues one which continued as new: only the last event of its history names it. */
async function successorOf(client: Client, workflowId: string, runId: string): Promise<string | null> {
  const { workflowService, options } = client.workflow;
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace: options.namespace,
    execution: { workflowId, runId },
    historyEventFilterType: CLOSE_EVENT,
  });
  const last = history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes;
  return last?.newExecutionRunId || null;
}
