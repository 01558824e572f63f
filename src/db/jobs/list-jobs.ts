import { sql, type RawBuilder } from 'kysely';
import type { Job } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { jobColumns } from './find-job.ts';

export interface JobFilter {
  limit: number;
  status?: Job['status'] | undefined;
  jobType?: Job['job_type'] | undefined;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
  since?: Date | undefined;
  /** by the time of their start, the only order that every filter has an index for; newest unless given */
  first?: 'newest' | 'oldest' | undefined;
  after?: JobPosition | undefined;
}

/** Where a page of jobs ended. Microseconds, as PostgreSQL keeps them: milliseconds would skip or repeat jobs. */
export interface JobPosition {
  startedAtMicros: number;
  id: string;
}

/** Jobs, newest first unless asked otherwise, and where the next page begins (null at the end). */
export async function listJobs(
  db: Sql,
  filter: JobFilter,
): Promise<{ jobs: Job[]; next: JobPosition | null }> {
  const [direction, beyond] = filter.first === 'oldest' ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`];
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.status !== undefined) conditions.push(sql`status = ${filter.status}`);
  if (filter.jobType !== undefined) conditions.push(sql`job_type = ${filter.jobType}`);
  if (filter.installationId !== undefined) conditions.push(sql`installation_id = ${filter.installationId}`);
  if (filter.repositoryId !== undefined) conditions.push(sql`repository_id = ${filter.repositoryId}`);
  if (filter.since !== undefined) conditions.push(sql`started_at >= ${filter.since.toISOString()}`);
  if (filter.after !== undefined) {
    conditions.push(sql`(started_at, id) ${beyond} (
      timestamptz 'epoch' + ${filter.after.startedAtMicros}::bigint * interval '1 microsecond',
      ${filter.after.id}::uuid)`);
  }
  const { rows } = await sql<Job & { micros: number }>`
    select ${jobColumns}, (extract(epoch from started_at) * 1000000)::bigint as micros
    from sync_jobs where ${sql.join(conditions, sql` and `)}
    order by started_at ${direction}, id ${direction} limit ${filter.limit + 1}`.execute(db);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    jobs: page.map(({ micros: _micros, ...job }) => job),
    next: rows.length > page.length && last ? { startedAtMicros: last.micros, id: last.id } : null,
  };
}

/** The sweep that works now: there is one at most. */
export async function findRunningSweep(db: Sql): Promise<Job | null> {
  const { rows } = await sql<Job>`
    select ${jobColumns} from sync_jobs where status = 'running' and job_type = 'periodic_sweep'`.execute(db);
  return rows[0] ?? null;
}

/** The job of one sweep, by its workflow and that one's first run. */
export async function findSweep(db: Sql, run: { workflow_id: string; run_id: string }): Promise<Job | null> {
  const { rows } = await sql<Job>`
    select ${jobColumns} from sync_jobs
    where job_type = 'periodic_sweep' and workflow_id = ${run.workflow_id} and run_id = ${run.run_id}
    order by started_at desc limit 1`.execute(db);
  return rows[0] ?? null;
}
