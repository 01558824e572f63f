import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import { storedMode } from './compare-mode.ts';

/** A repository whose comparison is left; its label is `owner/name`. */
interface LeftRepository {
  id: number;
  label: string;
}

/**
 * The repositories whose comparison their deliveries queued since these jobs began and which still wait for it. Read
 * from what is stored, so that whoever continues a job also finds what an attempt that died has queued.
 *
 * @param jobs a condition for `sync_jobs j`
 */
async function comparisonsLeft(db: Sql, jobs: RawBuilder<unknown>): Promise<LeftRepository[]> {
  // A listing queues with GitHub's answer: what it found is left to the import or sweep that listed.
  const { rows } = await sql<LeftRepository>`
    select r.id, r.full_name as label
    from sync_jobs j join repository_sync s on s.repository_id = j.repository_id
    join repositories r on r.id = s.repository_id
    where ${jobs} and s.wanted_at >= j.started_at and s.wanted_mode <> ${storedMode.backfill}
      and s.probed is null and r.removed_at is null
    order by r.id`.execute(db);
  return rows;
}

/** Whether the deliveries of a job's round queued a comparison of their repository that has not been made yet. */
export async function isComparisonLeft(db: Sql, jobId: string): Promise<boolean> {
  return (await comparisonsLeft(db, sql`j.id = ${jobId}`)).length > 0;
}

/** The same for all jobs of a run that are still open. */
export async function comparisonsLeftByRun(
  db: Sql,
  run: { workflowId: string; runId: string },
): Promise<LeftRepository[]> {
  const { workflowId, runId } = run;
  return comparisonsLeft(
    db,
    sql`j.status = 'running' and j.workflow_id = ${workflowId} and j.run_id = ${runId}`,
  );
}

/**
 * Whether the round of a job compared its repository for the first time, or in full, and queued it for the further
 * kinds, which nobody has read since.
 */
export async function isBackfillLeft(db: Sql, jobId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from sync_jobs j join repository_sync s on s.repository_id = j.repository_id
    where j.id = ${jobId} and s.wanted_mode = ${storedMode.backfill} and s.wanted_at >= j.started_at
      and s.verified_at >= j.started_at`.execute(db);
  return rows.length > 0;
}
