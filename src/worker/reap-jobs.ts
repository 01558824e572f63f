import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { sqlOf, type Orm } from '../db/orm.ts';
import { runningJobs } from '../db/jobs/find-job.ts';
import { finishJob, type FinalStatus, type JobError } from '../db/jobs/write-jobs.ts';
import type { Job } from '../model.ts';
import { callTemporal } from '../temporal/call.ts';
import { howItEnded } from '../temporal/how-it-ended.ts';

/** A workflow needs a moment to open its job, and to end it: newer ones are left alone. */
const GRACE_MS = 10_000;
const PAGE = 100;
const ASK_MS = 5000;

/**
 * Ends jobs whose workflow ended without ending them: terminated, timed out, or vanished with its namespace.
 *
 * @returns how many were ended
 * @throws SyncError TEMPORAL_UNAVAILABLE
 */
export async function reapJobs(
  orm: Orm,
  client: Client,
  graceMs = GRACE_MS,
  onEnded: (job: Job) => void = () => undefined,
): Promise<number> {
  let reaped = 0;
  // Jobs that are still running are skipped: a hundred that wait for GitHub must not hide the rest.
  for (let left = 0; ;) {
    const page = await runningJobs(sqlOf(orm), PAGE, left);
    for (const job of page) {
      const end = isRecent(job, graceMs) ? null : await endOf(client, job, graceMs);
      if (end === null) {
        left += 1;
        continue;
      }
      const ended = await finishJob(sqlOf(orm), job.id, end.status, end.error);
      if (ended !== null) onEnded(ended);
      reaped += 1;
    }
    if (page.length < PAGE) return reaped;
  }
}

function isRecent(job: Job, graceMs: number): boolean {
  return Date.now() - Date.parse(job.started_at) < graceMs;
}

function describe(client: Client, workflowId: string, runId?: string) {
  return callTemporal(client, ASK_MS, () => client.workflow.getHandle(workflowId, runId).describe());
}

/** How the job's chain of runs ended, or null while it is running. */
async function endOf(
  client: Client,
  job: Job,
  graceMs: number,
): Promise<{ status: FinalStatus; error: JobError } | null> {
  try {
    const latest = await describe(client, job.workflow_id);
    const firstRunId = latest.raw.workflowExecutionInfo?.firstRunId || latest.runId;
    // A later run of the same id says nothing about this job: its own first run does, unless it continued as new.
    const own = firstRunId === job.run_id ? latest : await describe(client, job.workflow_id, job.run_id);
    const { status, closeTime } = own;
    if (status.name === 'RUNNING' || status.name === 'PAUSED') return null;
    // It closed a moment ago: its own result for the job may still be on the way.
    if (closeTime !== undefined && Date.now() - closeTime.getTime() < graceMs) return null;
    const error = howItEnded(status.name);
    return { status: error.code === 'JOB_CANCELLED' ? 'cancelled' : 'failed', error };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return {
      status: 'failed',
      error: { code: 'JOB_ABANDONED', message: 'Temporal does not know its workflow' },
    };
  }
}
