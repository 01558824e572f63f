import type { Logger } from './logger.ts';
import type { Job } from './model.ts';

/** So many deliveries of a round are named: enough to follow one, and no line of megabytes in a storm. */
const GUIDS = 20;

/**
 * The one line of a job, as it ends: with the ids by which `sync_jobs`, Temporal and the line of each delivery know it.
 *
 * @param guids of the deliveries that it applied
 */
export function logEndedJob(log: Logger, job: Job, guids: readonly string[] = []): void {
  const fields = {
    jobId: job.id,
    jobType: job.job_type,
    trigger: job.trigger,
    status: job.status,
    installationId: job.installation_id,
    repositoryId: job.repository_id,
    workflowId: job.workflow_id,
    runId: job.run_id,
    durationMs: job.duration_ms,
    rows: Object.values(job.rows).reduce((sum, count) => sum + count, 0),
    requests: job.api_requests,
    errors: job.errors,
    code: job.error?.code ?? null,
    ...(guids.length > 0 && { deliveries: guids.length, guids: guids.slice(0, GUIDS) }),
  };
  log.info(fields, 'job ended');
}
