import { sql } from 'kysely';
import type { ErrorCode } from '../../errors.ts';
import type { Job, JobStatus, RowCounts } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { jobColumns } from './find-job.ts';

export type NewJob = Pick<
  Job,
  'id' | 'job_type' | 'trigger' | 'installation_id' | 'repository_id' | 'workflow_id' | 'run_id'
>;

export type FinalStatus = Exclude<JobStatus, 'running'>;

/**
 * Opens a job, or finds it open: an activity that is tried again opens the same one.
 *
 * @returns false when another sweep is running (only one works at a time)
 */
export async function openJob(db: Sql, job: NewJob): Promise<boolean> {
  const result = await sql`
    insert into sync_jobs (id, job_type, status, trigger, installation_id, repository_id, workflow_id, run_id)
    values (${job.id}, ${job.job_type}, 'running', ${job.trigger}, ${job.installation_id}, ${job.repository_id},
            ${job.workflow_id}, ${job.run_id})
    on conflict do nothing`.execute(db);
  if (Number(result.numAffectedRows ?? 0) > 0) return true;
  const own = await sql`select 1 from sync_jobs where id = ${job.id}`.execute(db);
  return own.rows.length > 0;
}

export interface JobAdditions {
  /** rows inserted or changed, by table */
  rows?: RowCounts;
  requests?: number;
  points?: number;
  repositories?: number;
  errors?: number;
}

/** Adds to a job's counts, in the transaction that writes the rows. */
export async function addToJob(tx: Sql, jobId: string, more: JobAdditions): Promise<void> {
  await addToJobs(tx, [{ ...more, jobId }]);
}

/** The same of several jobs, in one statement. */
export async function addToJobs(
  tx: Sql,
  additions: readonly (JobAdditions & { jobId: string })[],
): Promise<void> {
  const added = additions.flatMap(({ jobId, rows: all = {}, ...figures }) => {
    const rows = Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
    const { requests = 0, points = 0, repositories = 0, errors = 0 } = figures;
    const isEmpty = Object.keys(rows).length === 0 && requests + points + repositories + errors === 0;
    return isEmpty ? [] : [{ id: jobId, rows, requests, points, repositories, errors }];
  });
  if (added.length === 0) return;
  await sql`update sync_jobs j set
      commits_imported = j.commits_imported + coalesce((n.rows ->> 'commits')::bigint, 0),
      issues_imported = j.issues_imported + coalesce((n.rows ->> 'issues')::bigint, 0),
      pull_requests_imported = j.pull_requests_imported + coalesce((n.rows ->> 'pull_requests')::bigint, 0),
      rows = case when n.rows = '{}' then j.rows else (
        select jsonb_object_agg(name, total) from (
          select name, sum(count::bigint) as total
          from (select * from jsonb_each_text(j.rows) union all select * from jsonb_each_text(n.rows)) t(name, count)
          group by name) sums) end,
      api_requests = j.api_requests + n.requests,
      rate_limit_points = j.rate_limit_points + n.points,
      repositories_processed = j.repositories_processed + n.repositories,
      errors = j.errors + n.errors
    from json_to_recordset(${JSON.stringify(added)}::json)
      as n(id uuid, rows jsonb, requests int, points int, repositories int, errors int)
    where j.id = n.id`.execute(tx);
}

/** What keeps a running job waiting, or null when nothing does any more. */
export async function recordJobError(db: Sql, jobId: string, error: JobError | null): Promise<void> {
  const value = error === null ? null : JSON.stringify(error);
  await sql`update sync_jobs set error = ${value}::jsonb where id = ${jobId} and status = 'running'`.execute(
    db,
  );
}

export interface JobError {
  code: ErrorCode;
  message: string;
}

/**
 * Ends a job once and answers it; a job that has ended already stays as it ended, and null is answered.
 *
 * @param counts what is added to its counts with its end
 */
export async function finishJob(
  db: Sql,
  jobId: string,
  status: FinalStatus,
  error: JobError | null,
  { repositories = 0, errors = 0 }: Pick<JobAdditions, 'repositories' | 'errors'> = {},
): Promise<Job | null> {
  const value = error === null ? null : JSON.stringify(error);
  const { rows } = await sql<Job>`update sync_jobs set status = ${status}, error = ${value}::jsonb,
      repositories_processed = repositories_processed + ${repositories}, errors = errors + ${errors},
      -- times within a transaction are its start: a job never ends before it began
      finished_at = greatest(clock_timestamp(), started_at)
    where id = ${jobId} and status = 'running' returning ${jobColumns}`.execute(db);
  return rows[0] ?? null;
}
