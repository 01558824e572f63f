import type { Logger } from './logger.ts';
import type { Job } from './model.ts';

/** Logs one line when a job ends, with the ids that `sync_jobs`, Temporal and `logDeliveries` use. */
export function logEndedJob(log: Logger, job: Job): void {
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
  };
  log.info(fields, 'job ended');
}
