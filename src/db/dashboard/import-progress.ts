import { sql } from 'kysely';
import { limitedUntil } from '../installations/rate-limits.ts';
import type { Sql } from '../orm.ts';
import { storedMode } from '../repository-sync/compare-mode.ts';

/** The progress of an installation's running import. */
export interface ImportProgress {
  job_id: string;
  started_at: string;
  /**
   * `importing`: the required kinds of each repository; then `backfilling`: the further ones, if there are any
   */
  phase: 'importing' | 'backfilling';
  /** live repositories, and those for which this phase is done */
  repositories: number;
  repositories_done: number;
  /** how many have their required kinds and wait for the others */
  backfills: number;
  rows: number;
  rows_per_second: number;
  api_requests: number;
  /** for this phase, from its pace so far; null until that is meaningful, or while GitHub may not be asked */
  eta_seconds: number | null;
  /** when GitHub may be asked again */
  waiting_until: string | null;
  waiting_code: string | null;
}

/** Until three repositories are done, their pace says nothing about the others. */
const ENOUGH_FOR_A_PACE = 3;
/**
 * How many repositories may still lack required kinds when the first backfills begin: two lanes of a workflow
 * (`import-repositories.ts`), six concurrent repositories in each (`drain-queue.ts`).
 */
const SIDE_BY_SIDE = 12;

interface Row extends Omit<ImportProgress, 'phase' | 'repositories_done' | 'eta_seconds'> {
  imported: number;
  finished: number;
  processed: number;
  seconds: number;
  backfill_seconds: number;
}

/** The running import of an installation, or null if there is none. */
export async function findImportProgress(db: Sql, installationId: number): Promise<ImportProgress | null> {
  const { rows } = await sql<Row>`
    select j.id as job_id, j.started_at, r.repositories, r.imported, r.finished, r.backfills,
      w.rows, round((w.rows
        / greatest(extract(epoch from now() - j.started_at), 1))::numeric, 1)::float8 as rows_per_second,
      j.api_requests, l.until as waiting_until, l.code as waiting_code,
      extract(epoch from now() - j.started_at)::float8 as seconds, j.repositories_processed as processed,
      extract(epoch from now() - coalesce(r.last_imported_at, j.started_at))::float8 as backfill_seconds
    from sync_jobs j
    cross join lateral (select coalesce(sum(value::bigint), 0)::bigint as rows from jsonb_each_text(j.rows)) w
    cross join lateral (
      select count(*) as repositories,
        count(*) filter (where o.is_over and (s.wanted_at is null or s.wanted_mode = ${storedMode.backfill})) as imported,
        count(*) filter (where o.is_over and s.wanted_at is null) as finished,
        count(*) filter (where s.wanted_at is not null and s.wanted_mode = ${storedMode.backfill}) as backfills,
        -- a first import is a verification as well; the last of them but those that were side by side
        (array_agg(s.verified_at order by s.verified_at desc)
          filter (where s.verified_at > j.started_at))[${sql.lit(SIDE_BY_SIDE + 1)}] as last_imported_at
      from repositories r left join repository_sync s on s.repository_id = r.id
      cross join lateral (select r.sync_status in ('fresh', 'error', 'paused') as is_over) o
      where r.installation_id = j.installation_id and r.removed_at is null
    ) r
    left join lateral (
      select ${limitedUntil} as until,
        coalesce(blocked_code, 'RATE_LIMITED') as code
      from rate_limits where installation_id = j.installation_id
        and ${limitedUntil} > now()
      order by 1 desc limit 1
    ) l on true
    where j.status = 'running' and j.job_type = 'installation_import' and j.installation_id = ${installationId}
    order by j.started_at limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { imported, finished, processed, seconds, backfill_seconds, ...progress } = row;
  const isBackfilling = imported === row.repositories && row.backfills > 0;
  const phase = isBackfilling ? 'backfilling' : 'importing';
  // Repositories that need no backfill were done before: only those of this job show the pace.
  const done = isBackfilling ? processed - row.backfills : processed;
  const left = isBackfilling ? row.backfills : row.repositories - imported;
  const hasPace = done >= ENOUGH_FOR_A_PACE && row.waiting_until === null;
  const eta = ((isBackfilling ? backfill_seconds : seconds) / done) * left;
  return {
    ...progress,
    phase,
    repositories_done: isBackfilling ? finished : imported,
    eta_seconds: hasPace ? Math.ceil(eta) : null,
  };
}
