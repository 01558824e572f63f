import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** What happened within one hour; `hour` is its beginning. */
export interface Hour {
  hour: string;
  deliveries: number;
  deliveries_failed: number;
  deliveries_recovered: number;
  jobs: number;
  jobs_failed: number;
}

/** The last 24 hours, oldest first; the last one is the hour that is not over yet. */
export async function listHours(db: Sql): Promise<Hour[]> {
  const { rows } = await sql<Hour>`
    select h.hour, coalesce(d.n, 0) as deliveries, coalesce(d.failed, 0) as deliveries_failed,
      coalesce(d.recovered, 0) as deliveries_recovered, coalesce(j.n, 0) as jobs, coalesce(j.failed, 0) as jobs_failed
    from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), interval '1 hour') h (hour)
    left join (
      select date_trunc('hour', received_at) as hour, count(*)::int as n,
        (count(*) filter (where status = 'failed'))::int as failed, (count(*) filter (where recovered))::int as recovered
      from webhook_deliveries where received_at >= date_trunc('hour', now()) - interval '23 hours' group by 1
    ) d on d.hour = h.hour
    left join (
      select date_trunc('hour', finished_at) as hour, count(*)::int as n,
        (count(*) filter (where status = 'failed'))::int as failed
      from sync_jobs where finished_at >= date_trunc('hour', now()) - interval '23 hours' group by 1
    ) j on j.hour = h.hour
    order by h.hour`.execute(db);
  return rows;
}
