import type { WorkflowExecutionStatusName } from '@temporalio/client';

/** Why a run did not end its work itself, as a code from the error table and a sentence. */
export interface EndOfRun {
  code: 'JOB_CANCELLED' | 'JOB_ABANDONED';
  message: string;
}

/** How the work of a run ended that Temporal closed: a person cancelled or terminated it, or it failed. */
export function howItEnded(status: WorkflowExecutionStatusName): EndOfRun {
  const isCancelled = status === 'CANCELLED' || status === 'TERMINATED';
  return {
    code: isCancelled ? 'JOB_CANCELLED' : 'JOB_ABANDONED',
    message: `its workflow ended as ${status}`,
  };
}
