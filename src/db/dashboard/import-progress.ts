import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** How far the running import of an installation is. */
export interface ImportProgress {
  job_id: string;
  started_at: string;
  /** live repositories, and those that wait for no comparison any more */
  repositories: number;
  repositories_done: number;
  rows: number;
  rows_per_second: number;
  api_requests: number;
  /** from the repositories done so far; null until that says something, or while GitHub may not be asked */
  eta_seconds: number | null;
  /** GitHub may not be asked before */
  waiting_until: string | null;
  waiting_code: string | null;
}

/** Before three repositories are done, their pace says nothing about the others. */
const ENOUGH_FOR_A_PACE = 3;

/** The running import of an installation, or null while none runs. */
export async function findImportProgress(db: Sql, installationId: number): Promise<ImportProgress | null> {
  const { rows } = await sql<Omit<ImportProgress, 'eta_seconds'> & { seconds: number; processed: number }>`
    select j.id as job_id, j.started_at, r.repositories, r.done as repositories_done,
      w.rows, round((w.rows
        / greatest(extract(epoch from now() - j.started_at), 1))::numeric, 1)::float8 as rows_per_second,
      j.api_requests, l.until as waiting_until, l.code as waiting_code,
      extract(epoch from now() - j.started_at)::float8 as seconds, j.repositories_processed as processed
    from sync_jobs j
    cross join lateral (select coalesce(sum(value::bigint), 0)::bigint as rows from jsonb_each_text(j.rows)) w
    cross join lateral (
      select count(*) as repositories, count(*) filter (
        where r.sync_status in ('fresh', 'error', 'paused') and s.wanted_at is null) as done
      from repositories r left join repository_sync s on s.repository_id = r.id
      where r.installation_id = j.installation_id and r.removed_at is null
    ) r
    left join lateral (
      select greatest(blocked_until, case when remaining = 0 then resets_at end) as until,
        coalesce(blocked_code, 'RATE_LIMITED') as code
      from rate_limits where installation_id = j.installation_id
        and greatest(blocked_until, case when remaining = 0 then resets_at end) > now()
      order by 1 desc limit 1
    ) l on true
    where j.status = 'running' and j.job_type = 'installation_import' and j.installation_id = ${installationId}
    order by j.started_at limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { seconds, processed, ...progress } = row;
  const left = progress.repositories - progress.repositories_done;
  const hasPace = processed >= ENOUGH_FOR_A_PACE && progress.waiting_until === null;
  return { ...progress, eta_seconds: hasPace ? Math.ceil((seconds / processed) * left) : null };
}
