import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** One metric as the database has it at this moment. */
export interface Reading {
  name: string;
  help: string;
  values: { labels: Record<string, string>; value: number }[];
}

interface Row {
  metric: keyof typeof helps;
  labels: Record<string, string>;
  value: number;
}

const helps = {
  sync_deliveries: 'Deliveries received within 24 hours, by status',
  sync_deliveries_pending: 'Deliveries that wait to be worked off',
  sync_deliveries_oldest_pending_seconds: 'Age of the oldest delivery that waits',
  sync_repositories: 'Live repositories, by sync_status',
  sync_lag_seconds:
    'Time since the live repository that waits longest was compared with GitHub (paused ones left out)',
  sync_jobs: 'Jobs running, or finished within 24 hours, by type and status',
  github_rate_limit_remaining: "What is left at GitHub: the least of all installations' budgets, by resource",
  github_rate_limit_blocked: 'Installations that GitHub may not be asked for now, by resource',
  sync_verification_rows_healed:
    'Rows that the last complete comparison found different from GitHub, and healed',
};

/** The system's state for `/metrics`. Labels are closed lists, whatever the number of repositories. */
export async function readReadings(db: Sql): Promise<Reading[]> {
  const { rows } = await sql<Row>`
    select 'sync_deliveries' as metric, jsonb_build_object('status', status) as labels, count(*)::float8 as value
    from webhook_deliveries where received_at > now() - interval '24 hours' group by status
    union all
    select 'sync_deliveries_pending', '{}', count(*) from webhook_deliveries where status = 'pending'
    union all
    select 'sync_deliveries_oldest_pending_seconds', '{}',
      coalesce(extract(epoch from now() - min(received_at)), 0)
    from webhook_deliveries where status = 'pending'
    union all
    select 'sync_repositories', jsonb_build_object('status', sync_status), count(*)
    from repositories where removed_at is null group by sync_status
    union all
    select 'sync_lag_seconds', '{}', coalesce(extract(epoch from now() - min(last_synced_at)), 0)
    from repositories where removed_at is null and sync_status <> 'paused'
    union all
    select 'sync_jobs', jsonb_build_object('type', job_type, 'status', status), count(*)
    from sync_jobs where finished_at > now() - interval '24 hours' or status = 'running'
    group by job_type, status
    union all
    select 'github_rate_limit_remaining', jsonb_build_object('resource', resource),
      min(case when resets_at <= now() then "limit" else remaining end)
    from rate_limits where remaining is not null and "limit" is not null group by resource
    union all
    select 'github_rate_limit_blocked', jsonb_build_object('resource', resource),
      count(*) filter (where blocked_until > now())
    from rate_limits group by resource
    union all
    select 'sync_verification_rows_healed', '{}', (value ->> 'rows_healed')::float8
    from system_state where name = 'verification' and value ->> 'rows_healed' is not null`.execute(db);
  return Object.entries(helps).map(([name, help]) => ({
    name,
    help,
    values: rows.filter((row) => row.metric === name).map(({ labels, value }) => ({ labels, value })),
  }));
}
