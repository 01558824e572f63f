import { sql } from 'kysely';
import type { JobStatus } from '../../model.ts';
import { remainingNow } from '../installations/rate-limits.ts';
import type { Sql } from '../orm.ts';
import type { LargeCounts } from './large-counts.ts';
import { isCovered, lateAfterMs, secondsWithoutSweep, type SweepSettings } from './sweep-figures.ts';

/** The contents of the health answer, from the database. */
export interface HealthFigures {
  system: {
    total_installations: number;
    total_repositories: number;
    total_commits: number;
    total_issues: number;
    total_pull_requests: number;
    total_contributors: number;
    sync_coverage: number;
  };
  last_periodic_sync: {
    started_at: string;
    finished_at: string | null;
    status: JobStatus;
    repos_processed: number;
    duration_ms: number | null;
  } | null;
  webhooks: {
    received_24h: number;
    processed_24h: number;
    failed_24h: number;
    pending: number;
    oldest_pending_seconds: number;
  };
  jobs: { completed_24h: number; failed_24h: number; success_rate: number };
  rate_limits: {
    installation_id: number;
    resource: string;
    limit: number;
    remaining: number;
    resets_at: string;
  }[];
  drift: {
    verified_at: string | null;
    rows_compared: number;
    rows_healed: number;
    oldest_unverified_at: string | null;
  };
  signals: HealthSignals;
}

/** Values from which only `status` is derived. */
interface HealthSignals {
  /** since the last completed sweep or, before the first, since the database was created */
  seconds_without_sweep: number;
  /** of the last sweep that ended; null if none did */
  last_sweep: JobStatus | null;
  repositories_failing: number;
  /** live, not paused, and not compared for longer than sweeps can take to get to it */
  repositories_late: number;
  /** null while it answers */
  temporal_away_seconds: number | null;
  /** since a delivery was last processed, successfully or not; null if none was */
  seconds_without_delivery: number | null;
}

/** The result of the one statement; the rest are large counts. */
type Row = Pick<HealthFigures, 'last_periodic_sync' | 'rate_limits' | 'drift' | 'signals'> & {
  system: Omit<HealthFigures['system'], 'total_contributors'>;
};

/**
 * Most of health at one moment, in one statement. The triggers of `repository_totals` count rows, so a million
 * cost as much as a thousand; what no trigger counts may be seconds old if it is large (`LargeCounts`).
 *
 * @param counts shared by all callers
 * @param settings coverage looks back two periods
 */
export async function readHealth(
  db: Sql,
  counts: LargeCounts,
  settings: SweepSettings,
): Promise<HealthFigures> {
  const [row, deliveries, pending, jobs, contributors] = await Promise.all([
    readRow(db, settings),
    counts.deliveries(),
    counts.pending(),
    counts.jobs(),
    counts.contributors(),
  ]);
  const completed = countOf(jobs, 'completed');
  const failed = countOf(jobs, 'failed');
  return {
    ...row,
    system: { ...row.system, total_contributors: contributors },
    webhooks: {
      received_24h: countOf(deliveries),
      processed_24h: countOf(deliveries, 'processed'),
      failed_24h: countOf(deliveries, 'failed'),
      pending: pending.n,
      oldest_pending_seconds: Math.round(pending.oldestSeconds * 1000) / 1000,
    },
    jobs: {
      completed_24h: completed,
      failed_24h: failed,
      success_rate:
        completed + failed === 0 ? 100 : Math.round((10_000 * completed) / (completed + failed)) / 100,
    },
  };
}

function countOf(rows: readonly { status: string; n: number }[], status?: string): number {
  return rows.reduce((sum, row) => (status === undefined || row.status === status ? sum + row.n : sum), 0);
}

/** The hundred limits with the least left. */
const leastRateLimits = sql`(select coalesce(jsonb_agg(to_jsonb(l) order by l.remaining, l.installation_id), '[]') from (
  select installation_id, resource, "limit", remaining, ${utc('resets_at')} as resets_at
  from (
    select installation_id, resource, "limit",
      ${remainingNow} as remaining, resets_at
    from rate_limits where "limit" is not null and remaining is not null and resets_at is not null
    order by 4, installation_id limit 100
  ) least) l)`;

/** What shows that something is wrong; the query has `live`. */
const signals = sql`(select to_jsonb(g) from (
  select
    ${secondsWithoutSweep}::float8 as seconds_without_sweep,
    (select status from sync_jobs where job_type = 'periodic_sweep' and status <> 'running'
     order by started_at desc limit 1) as last_sweep,
    (select failing from live) as repositories_failing,
    (select late from live) as repositories_late,
    (select extract(epoch from now() - (value ->> 'since')::timestamptz)::float8
     from system_state where name = 'temporal' and value -> 'reachable' = 'false') as temporal_away_seconds,
    -- what is ignored at its arrival (no attempt) says nothing of the workers
    (select extract(epoch from now() - max(greatest(processed_at, tried_at)))::float8 from webhook_deliveries
     where attempts > 0 or status = 'processed') as seconds_without_delivery
  ) g)`;

async function readRow(db: Sql, settings: SweepSettings): Promise<Row> {
  const { rows } = await sql<Row>`
    with live as materialized (
      -- one scan of the live repositories for all that is reported of them
      select count(*) as repositories,
        count(*) filter (where ${isCovered(settings.intervalMs)}) as covered,
        count(*) filter (where sync_status = 'error') as failing,
        count(*) filter (where sync_status <> 'paused' and coalesce(last_synced_at, '-infinity') <
          (select now() - ${lateAfterMs(settings)}::float8 * interval '1 millisecond')) as late
      from repositories where removed_at is null
    ), totals as (
      -- without those of removed repositories, which are few: a join with the live ones costs more than all else here
      select coalesce(sum(commits), 0)::bigint as commits, coalesce(sum(issues), 0)::bigint as issues,
        coalesce(sum(pull_requests), 0)::bigint as pull_requests
      from repository_totals t where ${isLive('t')}
    )
    select
    (select to_jsonb(s) from (
      select
        (select count(*) from installations where deleted_at is null) as total_installations,
        repositories as total_repositories, commits as total_commits, issues as total_issues,
        pull_requests as total_pull_requests,
        case when repositories = 0 then 100 else round(100.0 * covered / repositories, 2)::float8 end as sync_coverage
      from live, totals) s) as system,
    (select to_jsonb(p) from (
      select ${utc('started_at')} as started_at, ${utc('finished_at')} as finished_at, status,
        repositories_processed as repos_processed, duration_ms
      from sync_jobs where job_type = 'periodic_sweep' order by started_at desc limit 1) p) as last_periodic_sync,
    ${leastRateLimits} as rate_limits,
    (select to_jsonb(d) from (
      select ${utc("max((value ->> 'verified_at')::timestamptz)")} as verified_at,
        coalesce(max((value ->> 'rows_compared')::bigint), 0) as rows_compared,
        coalesce(max((value ->> 'rows_healed')::bigint), 0) as rows_healed,
        (select ${utc('min(verified_at)')} from repository_sync s where ${isLive('s')}) as oldest_unverified_at
      from system_state where name = 'verification') d) as drift,
    ${signals} as signals`.execute(db);
  const figures = rows[0];
  if (figures === undefined) throw new Error('a select without a table has one row');
  return figures;
}

/**
 * Whether a row's repository is live, tested against the few that are not (the index `repositories_removed`).
 */
function isLive(alias: 't' | 's') {
  return sql.raw(`not exists (
        select from repositories r where r.removed_at is not null and r.id = ${alias}.repository_id)`);
}

/** A time inside JSON in the API's format: ISO 8601 in UTC, with milliseconds. */
function utc(expression: string) {
  return sql.raw(`to_char((${expression}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
}
