import { sql } from 'kysely';
import type { Job, JobStatus, JobType } from '../../model.ts';
import { equalities, listByTime, type TimeFilter, type PlaceInTime } from '../list-by-time.ts';
import type { Sql } from '../orm.ts';
import { jobColumns } from './find-job.ts';

export interface JobFilter extends TimeFilter {
  status?: JobStatus | undefined;
  jobType?: JobType | undefined;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
}

/** Jobs, newest first by default, and where the next page begins (null at the end). */
export async function listJobs(
  db: Sql,
  filter: JobFilter,
): Promise<{ jobs: Job[]; next: PlaceInTime | null }> {
  const conditions = equalities({
    status: filter.status,
    job_type: filter.jobType,
    installation_id: filter.installationId,
    repository_id: filter.repositoryId,
  });
  const list = { table: 'sync_jobs', columns: jobColumns, time: 'started_at', key: 'id' };
  const { page: jobs, next } = await listByTime<Job>(db, list, conditions, filter);
  return { jobs, next };
}

/** The running sweep: there is at most one. */
export async function findRunningSweep(db: Sql): Promise<Job | null> {
  const { rows } = await sql<Job>`
    select ${jobColumns} from sync_jobs where status = 'running' and job_type = 'periodic_sweep'`.execute(db);
  return rows[0] ?? null;
}

/** The sweep that ended last, if it ended since `since`. */
export async function findEndedSweep(db: Sql, since: string): Promise<Job | null> {
  const { rows } = await sql<Job>`
    select ${jobColumns} from sync_jobs
    where job_type = 'periodic_sweep' and status <> 'running' and finished_at >= ${since}::timestamptz
    order by finished_at desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** The job of one sweep, by its workflow id and first run id. */
export async function findSweep(db: Sql, run: { workflow_id: string; run_id: string }): Promise<Job | null> {
  const { rows } = await sql<Job>`
    select ${jobColumns} from sync_jobs
    where job_type = 'periodic_sweep' and workflow_id = ${run.workflow_id} and run_id = ${run.run_id}
    order by started_at desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Whether that sweep's job has ended; false too if it does not exist yet. */
export async function hasSweepEnded(db: Sql, run: { workflow_id: string; run_id: string }): Promise<boolean> {
  const job = await findSweep(db, run);
  return job !== null && job.status !== 'running';
}
