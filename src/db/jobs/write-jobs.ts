import { sql, type RawBuilder } from 'kysely';
import type { ErrorCode } from '../../errors.ts';
import type { Job, JobStatus, RowCounts } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { jobColumns } from './find-job.ts';

export type NewJob = Pick<
  Job,
  | 'id'
  | 'job_type'
  | 'trigger'
  | 'installation_id'
  | 'repository_id'
  | 'workflow_id'
  | 'run_id'
  | 'temporal_url'
>;

export type FinalStatus = Exclude<JobStatus, 'running'>;

/**
 * Opens a job, or finds it open: a retried activity opens the same one. One that failed or was cancelled is open
 * again: its workflow was reset, and does the work again.
 *
 * @returns false if another sweep is running (only one runs at a time), or this job has been completed
 */
export async function openJob(db: Sql, job: NewJob): Promise<boolean> {
  const result = await sql`
    insert into sync_jobs (id, job_type, status, trigger, installation_id, repository_id, workflow_id, run_id, temporal_url)
    values (${job.id}, ${job.job_type}, 'running', ${job.trigger}, ${job.installation_id}, ${job.repository_id},
            ${job.workflow_id}, ${job.run_id}, ${job.temporal_url})
    on conflict do nothing`.execute(db);
  if (Number(result.numAffectedRows ?? 0) > 0) return true;
  await sql`update sync_jobs set status = 'running', error = null, finished_at = null
    where id = ${job.id} and status in ('failed', 'cancelled') and (job_type <> 'periodic_sweep' or not exists (
      select from sync_jobs where status = 'running' and job_type = 'periodic_sweep'))`.execute(db);
  const own = await sql`select 1 from sync_jobs where id = ${job.id} and status = 'running'`.execute(db);
  return own.rows.length > 0;
}

/** How many errors, by code. */
type ErrorCounts = Readonly<Partial<Record<ErrorCode, number>>>;

export interface JobAdditions {
  /** rows inserted or changed, per table */
  rows?: RowCounts;
  requests?: number;
  points?: number;
  repositories?: number;
  /** how much of it failed, by code */
  errors?: ErrorCounts;
}

/** Adds to a job's counts, in the transaction that writes the rows. */
export async function addToJob(tx: Sql, jobId: string, more: JobAdditions): Promise<void> {
  await addToJobs(tx, [{ ...more, jobId }]);
}

/** The same for several jobs, in one statement. */
export async function addToJobs(
  tx: Sql,
  additions: readonly (JobAdditions & { jobId: string })[],
): Promise<void> {
  const added = additions.flatMap(({ jobId, rows: all = {}, ...figures }) => {
    const rows = Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
    const { requests = 0, points = 0, repositories = 0, errors: codes = {} } = figures;
    const errors = Object.values(codes).reduce((sum, count) => sum + count, 0);
    const isEmpty = Object.keys(rows).length === 0 && requests + points + repositories + errors === 0;
    return isEmpty ? [] : [{ id: jobId, rows, requests, points, repositories, errors, codes }];
  });
  if (added.length === 0) return;
  await sql`update sync_jobs j set
      commits_imported = j.commits_imported + coalesce((n.rows ->> 'commits')::bigint, 0),
      issues_imported = j.issues_imported + coalesce((n.rows ->> 'issues')::bigint, 0),
      pull_requests_imported = j.pull_requests_imported + coalesce((n.rows ->> 'pull_requests')::bigint, 0),
      rows = ${sumOf('rows', 'rows')},
      api_requests = j.api_requests + n.requests,
      rate_limit_points = j.rate_limit_points + n.points,
      repositories_processed = j.repositories_processed + n.repositories,
      errors = j.errors + n.errors,
      errors_by_code = ${sumOf('errors_by_code', 'codes')}
    from json_to_recordset(${JSON.stringify(added)}::json)
      as n(id uuid, rows jsonb, requests int, points int, repositories int, errors int, codes jsonb)
    where j.id = n.id`.execute(tx);
}

/** A job's stored counts plus new ones, by name. */
function sumOf(column: string, added: string): RawBuilder<unknown> {
  const [own, more] = [sql.ref(`j.${column}`), sql.ref(`n.${added}`)];
  return sql`case when ${more} = '{}' then ${own} else (
    select jsonb_object_agg(name, total) from (
      select name, sum(count::bigint) as total
      from (select * from jsonb_each_text(${own}) union all select * from jsonb_each_text(${more})) t(name, count)
      group by name) sums) end`;
}

/** Records that a part of a job failed, `count` times: counted by code, and shown until the next error. */
export async function recordFailure(
  db: Sql,
  jobId: string,
  { code, message }: JobError,
  count = 1,
): Promise<void> {
  await addToJob(db, jobId, { errors: { [code]: count } });
  await recordJobError(db, jobId, { code, message });
}

/** Sets what a running job is waiting for, or null if nothing. */
export async function recordJobError(db: Sql, jobId: string, error: JobError | null): Promise<void> {
  const value = error === null ? null : JSON.stringify({ code: error.code, message: error.message });
  await sql`update sync_jobs set error = ${value}::jsonb where id = ${jobId} and status = 'running'`.execute(
    db,
  );
}

export interface JobError {
  code: ErrorCode;
  message: string;
}

/**
 * Ends a job once and returns it; a job that has already ended stays unchanged, and null is returned.
 *
 * @param counts added to its counts; `failures` by the code of its error
 */
export async function finishJob(
  db: Sql,
  jobId: string,
  status: FinalStatus,
  error: JobError | null,
  { repositories = 0, failures = 0 }: { repositories?: number; failures?: number } = {},
): Promise<Job | null> {
  const value = error === null ? null : JSON.stringify(error);
  const code = error?.code ?? null;
  const { rows } = await sql<Job>`update sync_jobs set status = ${status}, error = ${value}::jsonb,
      repositories_processed = repositories_processed + ${repositories}, errors = errors + ${failures}::int,
      errors_by_code = case when ${failures}::int = 0 or ${code}::text is null then errors_by_code
        else errors_by_code || jsonb_build_object(${code}::text,
          coalesce((errors_by_code ->> ${code}::text)::int, 0) + ${failures}::int) end,
      -- times within a transaction are its start: a job never ends before it began
      finished_at = greatest(clock_timestamp(), started_at)
    where id = ${jobId} and status = 'running' returning ${jobColumns}`.execute(db);
  return rows[0] ?? null;
}
