import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { SWEEP_SCHEDULE_ID, TASK_QUEUE, workflowTypes } from '../workflows/messages.ts';
import { attributesOf } from '../workflows/search-attributes.ts';
import { withAttributes } from './wake.ts';

/** The schedule's own runs carry a time in their id: this one excludes only a second sweep by hand. */
const MANUAL_SWEEP_ID = `${SWEEP_SCHEDULE_ID}/manual`;
const VERIFICATION_ID = `${SWEEP_SCHEDULE_ID}/verify`;

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
  return start(client, MANUAL_SWEEP_ID, 'Compares with GitHub what changed', []);
}

/** Starts a sweep that compares everything, or finds the one that was. */
export async function startVerification(client: Client): Promise<StartedSweep> {
  return start(client, VERIFICATION_ID, 'Compares everything with GitHub', [{ everything: true }]);
}

async function start(
  client: Client,
  workflowId: string,
  staticSummary: string,
  args: [] | [{ everything: true }],
): Promise<StartedSweep> {
  try {
    const handle = await withAttributes(attributesOf({ trigger: 'manual' }), (typedSearchAttributes) =>
      client.workflow.start(workflowTypes.periodicSweep, {
        workflowId,
        taskQueue: TASK_QUEUE,
        args,
        staticSummary,
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
