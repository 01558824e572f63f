import { sql } from 'kysely';
import type { Job } from '../../model.ts';
import type { Sql } from '../orm.ts';

/** What the health answer is made of, as the database has it. */
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
    status: Job['status'];
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
  signs: HealthSigns;
}

/** What only `status` is drawn from. */
interface HealthSigns {
  /** since the last completed sweep, or, before the first, since the database was made */
  seconds_without_sweep: number;
  repositories_failing: number;
  /** live, and not compared for longer than sweeps can take to come to it */
  repositories_late: number;
  /** null while it answers */
  temporal_away_seconds: number | null;
  /** since a delivery was last worked on, with or without success; null: none was */
  seconds_without_delivery: number | null;
}

/**
 * Everything at one moment, in one statement. Rows are counted by the triggers of `repository_totals`, so a
 * million rows cost what a thousand cost.
 *
 * @param intervalMs the sweep's period: coverage looks back two of them
 * @param freshForMs a sweep passes over what was compared so recently
 */
export async function readHealth(db: Sql, intervalMs: number, freshForMs: number): Promise<HealthFigures> {
  const { rows } = await sql<HealthFigures>`select
    (select to_jsonb(s) from (
      select
        (select count(*) from installations where deleted_at is null) as total_installations,
        count(*) as total_repositories,
        coalesce(sum(t.commits), 0)::bigint as total_commits,
        coalesce(sum(t.issues), 0)::bigint as total_issues,
        coalesce(sum(t.pull_requests), 0)::bigint as total_pull_requests,
        (select count(*) from (
          select distinct c.contributor_id from repository_contributors c
          join repositories l on l.id = c.repository_id and l.removed_at is null) d) as total_contributors,
        case when count(*) = 0 then 100 else round(100.0 * count(*) filter (
          where r.sync_status <> 'error'
            and r.last_synced_at > now() - 2 * ${intervalMs}::float8 * interval '1 millisecond'
        ) / count(*), 2)::float8 end as sync_coverage
      from repositories r left join repository_totals t on t.repository_id = r.id
      where r.removed_at is null) s) as system,
    (select to_jsonb(p) from (
      select ${utc('started_at')} as started_at, ${utc('finished_at')} as finished_at, status,
        repositories_processed as repos_processed,
        (extract(epoch from finished_at - started_at) * 1000)::bigint as duration_ms
      from sync_jobs where job_type = 'periodic_sweep' order by started_at desc limit 1) p) as last_periodic_sync,
    (select to_jsonb(w) from (
      select count(*) as received_24h,
        count(*) filter (where status = 'processed') as processed_24h,
        count(*) filter (where status = 'failed') as failed_24h,
        (select count(*) from webhook_deliveries where status = 'pending') as pending,
        (select coalesce(round(extract(epoch from now() - min(coalesce(requeued_at, received_at))), 3), 0)::float8
         from webhook_deliveries where status = 'pending') as oldest_pending_seconds
      from webhook_deliveries where received_at > now() - interval '24 hours') w) as webhooks,
    (select to_jsonb(j) from (
      select completed as completed_24h, failed as failed_24h,
        case when completed + failed = 0 then 100
          else round(100.0 * completed / (completed + failed), 2)::float8 end as success_rate
      from (
        select count(*) filter (where status = 'completed') as completed,
          count(*) filter (where status = 'failed') as failed
        from sync_jobs where finished_at > now() - interval '24 hours') f) j) as jobs,
    (select coalesce(jsonb_agg(to_jsonb(l) order by l.remaining, l.installation_id), '[]') from (
      select installation_id, resource, "limit",
        case when resets_at <= now() then "limit" else remaining end as remaining, ${utc('resets_at')} as resets_at
      from rate_limits where "limit" is not null and remaining is not null and resets_at is not null
      order by 4, installation_id limit 100) l) as rate_limits,
    (select to_jsonb(d) from (
      select ${utc("max((value ->> 'verified_at')::timestamptz)")} as verified_at,
        coalesce(max((value ->> 'rows_compared')::bigint), 0) as rows_compared,
        coalesce(max((value ->> 'rows_healed')::bigint), 0) as rows_healed,
        (select ${utc('min(s.verified_at)')} from repository_sync s
         join repositories r on r.id = s.repository_id and r.removed_at is null) as oldest_unverified_at
      from system_state where name = 'verification') d) as drift,
    (select to_jsonb(g) from (
      select
        extract(epoch from now() - coalesce(
          (select max(finished_at) from sync_jobs
           where job_type = 'periodic_sweep' and status in ('completed', 'partial')),
          (select min(executed_at) from schema_migrations)))::float8 as seconds_without_sweep,
        (select count(*) from repositories where removed_at is null and sync_status = 'error') as repositories_failing,
        (select count(*) from repositories where removed_at is null and coalesce(last_synced_at, '-infinity') <
          now() - ${Math.max(2 * intervalMs, intervalMs + freshForMs)}::float8 * interval '1 millisecond'
        ) as repositories_late,
        (select extract(epoch from now() - (value ->> 'since')::timestamptz)::float8
         from system_state where name = 'temporal' and value -> 'reachable' = 'false') as temporal_away_seconds,
        -- what is ignored at its arrival (no attempt) says nothing of the workers
        (select extract(epoch from now() - max(greatest(processed_at, tried_at)))::float8 from webhook_deliveries
         where (received_at > now() - interval '24 hours' or status = 'pending')
           and (attempts > 0 or status = 'processed')) as seconds_without_delivery
      ) g) as signs`.execute(db);
  const figures = rows[0];
  if (figures === undefined) throw new Error('a select without a table has one row');
  return figures;
}

/** A time inside JSON as the API shows times: ISO 8601 in UTC, with milliseconds. */
function utc(expression: string) {
  return sql.raw(`to_char((${expression}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
}
