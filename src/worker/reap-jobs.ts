import type { Client } from '@temporalio/client';
import { sqlOf, type Orm } from '../db/orm.ts';
import { runningJobs } from '../db/jobs/find-job.ts';
import { finishJob } from '../db/jobs/write-jobs.ts';
import type { Job } from '../model.ts';
import { howChainEnded } from '../temporal/how-it-ended.ts';

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
      const isRecent = Date.now() - Date.parse(job.started_at) < graceMs;
      if (!isRecent && (await reapJob(orm, client, job, graceMs, onEnded)) === 'ended') reaped += 1;
      else left += 1;
    }
    if (page.length < PAGE) return reaped;
  }
}

/**
 * Ends a job if its workflow ended without doing so.
 *
 * @param graceMs how long ago the workflow must have closed; until then it is `closing`
 * @returns how the workflow stands; `ended` once the job has ended too
 * @throws SyncError TEMPORAL_UNAVAILABLE
 */
export async function reapJob(
  orm: Orm,
  client: Client,
  job: Job,
  graceMs = GRACE_MS,
  onEnded: (job: Job) => void = () => undefined,
): Promise<'running' | 'closing' | 'ended'> {
  const end = await howChainEnded(client, job, ASK_MS);
  if (end === null) return 'running';
  const { code, message, closedAt } = end;
  // Its own result for the job may still be on the way, and an activity of it may not have noticed yet.
  if (closedAt !== null && Date.now() - closedAt.getTime() < graceMs) return 'closing';
  const status = code === 'JOB_CANCELLED' ? 'cancelled' : 'failed';
  const ended = await finishJob(sqlOf(orm), job.id, status, { code, message });
  if (ended !== null) onEnded(ended);
  return 'ended';
}
