import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { SWEEP_SCHEDULE_ID, TASK_QUEUE, workflowTypes } from '../workflows/messages.ts';
import { attributesOf } from '../workflows/search-attributes.ts';
import { withAttributes } from './wake.ts';

/** Ids of the schedule's own runs contain a time: this one excludes only a second sweep by hand. */
const MANUAL_SWEEP_ID = `${SWEEP_SCHEDULE_ID}/manual`;
const VERIFICATION_ID = `${SWEEP_SCHEDULE_ID}/verify`;
/** A workflow closes a moment after its job ended; much later only if no worker is left to close it. */
const CLOSING_MS = 1500;
const LOOK_AGAIN_MS = 50;

export interface StartedSweep {
  workflow_id: string;
  run_id: string;
  /** false if one started by hand is already running */
  started: boolean;
}

/** Whether the job of a run has ended, which the database knows. */
export type HasEnded = (run: { workflow_id: string; run_id: string }) => Promise<boolean>;

/**
 * Starts a sweep by hand, or finds the one that is still running. The database ensures that only one sweep
 * works at a time, however it was started; the sweep itself checks that first.
 */
export function startSweep(client: Client, hasEnded: HasEnded): Promise<StartedSweep> {
  return startOrFind(() => start(client, MANUAL_SWEEP_ID, 'Compares with GitHub what changed', []), hasEnded);
}

/** Starts a sweep that compares everything, or finds the one that is still running. */
export function startVerification(client: Client, hasEnded: HasEnded): Promise<StartedSweep> {
  return startOrFind(
    () => start(client, VERIFICATION_ID, 'Compares everything with GitHub', [{ everything: true }]),
    hasEnded,
  );
}

/** One whose job has ended saw nothing of what changed since: it does not answer a request for a sweep now. */
async function startOrFind(once: () => Promise<StartedSweep>, hasEnded: HasEnded): Promise<StartedSweep> {
  const begun = performance.now();
  for (;;) {
    const sweep = await once();
    if (sweep.started || performance.now() - begun > CLOSING_MS || !(await hasEnded(sweep))) return sweep;
    await sleep(LOOK_AGAIN_MS);
  }
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
    // Jobs are stored under the first run, however often it continued as new.
    const firstRunId = raw.workflowExecutionInfo?.firstRunId || runId;
    return { workflow_id: workflowId, run_id: firstRunId, started: false };
  }
}
