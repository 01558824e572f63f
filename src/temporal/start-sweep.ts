import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { SWEEP_SCHEDULE_ID, TASK_QUEUE, workflowTypes } from '../workflows/messages.ts';
import { attributesOf } from './attributes.ts';
import { withAttributes } from './wake.ts';

/** The schedule's own runs carry a time in their id: this one excludes only a second sweep by hand. */
const MANUAL_SWEEP_ID = `${SWEEP_SCHEDULE_ID}/manual`;

export interface StartedSweep {
  workflow_id: string;
  run_id: string;
  /** false when one started by hand is at work already */
  started: boolean;
}

/**
 * Starts a sweep by hand, or finds the one that was. That one sweep works at a time, however started, is kept
 * by the database, which the sweep itself asks first.
 */
export async function startSweep(client: Client): Promise<StartedSweep> {
  const workflowId = MANUAL_SWEEP_ID;
  try {
    const handle = await withAttributes(attributesOf({ trigger: 'manual' }), (typedSearchAttributes) =>
      client.workflow.start(workflowTypes.periodicSweep, {
        workflowId,
        taskQueue: TASK_QUEUE,
        args: [],
        staticSummary: 'Compares everything with GitHub',
        typedSearchAttributes,
      }),
    );
    return { workflow_id: workflowId, run_id: handle.firstExecutionRunId, started: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { runId, raw } = await client.workflow.getHandle(workflowId).describe();
    // Jobs are written under the first run, however often it continued as new.
    const firstRunId = raw.workflowExecutionInfo?.firstRunId || runId;
    return { workflow_id: workflowId, run_id: firstRunId, started: false };
  }
}
