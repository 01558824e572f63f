import { sql } from 'kysely';
import type { Job } from '../../model.ts';
import type { Sql } from '../orm.ts';

/** The columns of a job as the API shows it. */
export const jobColumns = sql`
  id, job_type, status, trigger, installation_id, repository_id, repositories_processed, commits_imported,
  issues_imported, pull_requests_imported, rows, api_requests, rate_limit_points, errors, error, started_at, finished_at,
  duration_ms, workflow_id, run_id, temporal_url`;

export async function findJob(db: Sql, jobId: string): Promise<Job | null> {
  const { rows } = await sql<Job>`select ${jobColumns} from sync_jobs where id = ${jobId}`.execute(db);
  return rows[0] ?? null;
}

/** The failures in a job, most frequent first; none for jobs that ended before codes were counted. */
export async function findJobErrors(db: Sql, jobId: string): Promise<{ code: string; count: number }[]> {
  const { rows } = await sql<{ code: string; count: number }>`
    select key as code, value::int as count from sync_jobs, jsonb_each_text(errors_by_code)
    where id = ${jobId} order by 2 desc, 1`.execute(db);
  return rows;
}

/** Open jobs, oldest first: their workflows may have ended without ending them. */
export async function runningJobs(db: Sql, limit: number, offset: number): Promise<Job[]> {
  const { rows } = await sql<Job>`select ${jobColumns} from sync_jobs
    where status = 'running' order by started_at, id limit ${limit} offset ${offset}`.execute(db);
  return rows;
}
