import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import type { Job } from '../../model.ts';
import { jobColumns } from './find-job.ts';
import type { JobError } from './write-jobs.ts';

/** The run that does the jobs of many repositories as one piece of work. */
export interface DeliveryRun {
  installationId: number;
  workflowId: string;
  runId: string;
  /** where Temporal's Web UI shows it; null if unknown */
  temporalUrl: string | null;
}

/** Opens a job of type `webhook` for each repository, in one statement; an open one stays open. */
export async function openDeliveryJobs(
  db: Sql,
  { installationId, workflowId, runId, temporalUrl }: DeliveryRun,
  jobs: readonly { id: string; repositoryId: number }[],
): Promise<void> {
  await sql`insert into sync_jobs
      (id, job_type, status, trigger, installation_id, repository_id, workflow_id, run_id, temporal_url)
    select id, 'webhook', 'running', 'webhook', ${installationId}::bigint, repository_id, ${workflowId}, ${runId},
      ${temporalUrl}
    from unnest(${jobs.map(({ id }) => id)}::uuid[], ${jobs.map(({ repositoryId }) => repositoryId)}::bigint[])
      as new (id, repository_id)
    on conflict do nothing`.execute(db);
}

/**
 * Ends every open job of a run in one statement, including those opened by an attempt that died.
 *
 * @param errors what could not be read, by job
 * @returns those that it ended
 */
export async function finishDeliveryJobs(
  db: Sql,
  { workflowId, runId }: DeliveryRun,
  errors: ReadonlyMap<string, JobError>,
): Promise<Job[]> {
  const { rows } = await sql<Job>`with ended as (update sync_jobs j set
      status = case when e.error is null then 'completed' else 'partial' end, error = e.error,
      errors = j.errors + case when e.error is null then 0 else 1 end,
      errors_by_code = case when e.error is null then j.errors_by_code
        else j.errors_by_code || jsonb_build_object(e.error ->> 'code',
          coalesce((j.errors_by_code ->> (e.error ->> 'code'))::int, 0) + 1) end,
      repositories_processed = j.repositories_processed + 1,
      finished_at = greatest(clock_timestamp(), j.started_at)
    from sync_jobs own left join unnest(${[...errors.keys()]}::uuid[],
      ${[...errors.values()].map((error) => JSON.stringify(error))}::jsonb[]) as e (id, error) on e.id = own.id
    where own.status = 'running' and own.workflow_id = ${workflowId} and own.run_id = ${runId}
      and j.id = own.id
    returning j.*) select ${jobColumns} from ended`.execute(db);
  return rows;
}
