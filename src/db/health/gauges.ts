import { sql } from 'kysely';
import { remainingNow } from '../installations/rate-limits.ts';
import type { Sql } from '../orm.ts';
import type { LargeCounts } from './large-counts.ts';
import { isCovered, secondsWithoutSweep } from './sweep-figures.ts';

/** The current value of one metric in the database. */
export interface GaugeValues {
  name: string;
  help: string;
  values: { labels: Record<string, string>; value: number }[];
}

interface Row {
  metric: keyof typeof helpTexts;
  labels: Record<string, string>;
  value: number;
}

const helpTexts = {
  sync_deliveries: 'Deliveries received within 24 hours, by status',
  sync_delivery_failures: 'Deliveries received within 24 hours that could not be applied, by code',
  sync_deliveries_pending: 'Deliveries that wait to be processed',
  sync_deliveries_oldest_pending_seconds: 'Age of the oldest delivery that waits',
  sync_repositories: 'Live repositories, by sync_status',
  sync_lag_seconds:
    'Time since the live repository that waits longest was compared with GitHub (paused ones left out)',
  sync_coverage_ratio:
    'Share of live repositories whose last comparison succeeded within two sweep periods; 1 without any',
  sync_repositories_failing: 'Live repositories in error, by code',
  sync_jobs: 'Jobs running, or finished within 24 hours, by type and status',
  sync_job_failures: 'Jobs that failed, in part or whole, within 24 hours, by code',
  sync_sweep_interval_seconds: 'Period of the sweep (SYNC_INTERVAL)',
  sync_sweep_age_seconds:
    'Time since a sweep was last completed; before the first one, since the database was made',
  github_rate_limit_remaining: "What is left at GitHub: the least of all installations' budgets, by resource",
  github_rate_limit_blocked: 'Installations that GitHub may not be asked for now, by resource',
  sync_verification_rows_healed:
    'Rows that the last complete comparison found different from GitHub, and repaired',
};

/**
 * The system's state for `/metrics`. Labels have fixed sets of values, whatever the number of repositories.
 *
 * @param intervalMs the sweep's period
 */
export async function readGauges(db: Sql, counts: LargeCounts, intervalMs: number): Promise<GaugeValues[]> {
  const [deliveries, givenUp, pending, jobs, failures, rows] = await Promise.all([
    counts.deliveries(),
    counts.deliveryFailures(),
    counts.pending(),
    counts.jobs(),
    counts.failures(),
    readRows(db, intervalMs),
  ]);
  const counted: Row[] = [
    ...deliveries.map(({ status, n }): Row => ({ metric: 'sync_deliveries', labels: { status }, value: n })),
    ...givenUp.map(({ code, n }): Row => ({ metric: 'sync_delivery_failures', labels: { code }, value: n })),
    { metric: 'sync_deliveries_pending', labels: {}, value: pending.n },
    { metric: 'sync_deliveries_oldest_pending_seconds', labels: {}, value: pending.oldestSeconds },
    ...jobs.map(({ job_type: type, status, n }): Row => ({
      metric: 'sync_jobs',
      labels: { type, status },
      value: n,
    })),
    ...failures.map(({ code, n }): Row => ({ metric: 'sync_job_failures', labels: { code }, value: n })),
    { metric: 'sync_sweep_interval_seconds', labels: {}, value: intervalMs / 1000 },
  ];
  const all = [...counted, ...rows];
  return Object.entries(helpTexts).map(([name, help]) => ({
    name,
    help,
    values: all.filter((row) => row.metric === name).map(({ labels, value }) => ({ labels, value })),
  }));
}

async function readRows(db: Sql, intervalMs: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with live as materialized (
      -- one scan of the live repositories for all that is reported of them
      select sync_status as status, case when sync_status = 'error' then split_part(sync_error, ':', 1) end as code,
        count(*) as n, min(last_synced_at) as oldest, count(*) filter (where ${isCovered(intervalMs)}) as covered
      from repositories where removed_at is null group by 1, 2
    )
    select 'sync_repositories' as metric, jsonb_build_object('status', status) as labels, sum(n)::float8 as value
    from live group by status
    union all
    select 'sync_repositories_failing', jsonb_build_object('code', code), n from live where code is not null
    union all
    select 'sync_coverage_ratio', '{}', coalesce(sum(covered) / sum(n), 1) from live
    union all
    select 'sync_lag_seconds', '{}', coalesce(extract(epoch from now() - min(oldest)), 0) from live where status <> 'paused'
    union all
    select 'sync_sweep_age_seconds', '{}', ${secondsWithoutSweep}
    union all
    select 'github_rate_limit_remaining', jsonb_build_object('resource', resource),
      min(${remainingNow})
    from rate_limits where remaining is not null and "limit" is not null group by resource
    union all
    select 'github_rate_limit_blocked', jsonb_build_object('resource', resource),
      count(*) filter (where blocked_until > now())
    from rate_limits group by resource
    union all
    select 'sync_verification_rows_healed', '{}', (value ->> 'rows_healed')::float8
    from system_state where name = 'verification' and value ->> 'rows_healed' is not null`.execute(db);
  return rows;
}
