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

/** The last 24 hours, oldest first; the last one is the current hour. */
export async function listHours(db: Sql): Promise<Hour[]> {
  const { rows } = await sql<Hour>`
    select h.hour, d.deliveries, d.deliveries_failed, r.deliveries_recovered, j.jobs, j.jobs_failed
    from generate_series(date_trunc('hour', now()) - interval '23 hours', date_trunc('hour', now()), interval '1 hour') h (hour)
    -- by the bounds of an hour: which one a row falls into costs more to find out than to count it
    cross join lateral (
      select count(*)::int as deliveries, (count(*) filter (where status = 'failed'))::int as deliveries_failed
      from webhook_deliveries where received_at >= h.hour and received_at < h.hour + interval '1 hour'
    ) d
    -- apart from the others: an index has those alone, and none has it beside the status
    cross join lateral (
      select count(*)::int as deliveries_recovered
      from webhook_deliveries where recovered and received_at >= h.hour and received_at < h.hour + interval '1 hour'
    ) r
    cross join lateral (
      select count(*)::int as jobs, (count(*) filter (where status = 'failed'))::int as jobs_failed
      from sync_jobs where finished_at >= h.hour and finished_at < h.hour + interval '1 hour'
    ) j
    order by h.hour`.execute(db);
  return rows;
}
