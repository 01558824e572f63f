import { sql } from 'kysely';
import { failureCode } from '../deliveries/failure-code.ts';
import type { SweepSettings } from '../health/sweep-figures.ts';
import { limitedUntil } from '../installations/rate-limits.ts';
import type { Sql } from '../orm.ts';
import { freshness } from './freshness.ts';

/** Something that needs attention: how often, since when, and one example by name. */
export interface Problem {
  kind:
    | 'repository_error'
    | 'installation_suspended'
    | 'deliveries_failed'
    | 'deliveries_waiting'
    | 'sweep_incomplete'
    | 'blocked';
  /** from the error table, if there is one */
  code: string | null;
  message: string | null;
  count: number;
  /** the repository or installation if `count` is 1 */
  id: number | null;
  name: string | null;
  /** for `blocked`: when GitHub may be asked again; for waiting deliveries: since when; when the sweep ended */
  at: string | null;
}

/** At most 30 kinds of problem, the most frequent first. */
export async function listProblems(db: Sql, settings: SweepSettings): Promise<Problem[]> {
  const { rows } = await sql<Problem>`
    select 'repository_error' as kind, code, min(message) as message, count(*) as count, max(id) as id,
      min(full_name) as name, null::timestamptz as at
    from (
      select r.id, r.full_name, split_part(r.sync_error, ':', 1) as code,
        ltrim(substr(r.sync_error, strpos(r.sync_error, ':') + 1)) as message
      from repositories r where r.sync_status = 'error' and ${freshness(settings)} = 'needs_you'
    ) e group by code
    union all
    select 'installation_suspended', 'INSTALLATION_SUSPENDED', null, count(*), max(id), min(account_login), null
    from installations where suspended_at is not null and deleted_at is null having count(*) > 0
    union all
    select 'deliveries_failed', code, null, count(*), null, null, max(received_at)
    from (
      select received_at, ${failureCode} as code
      from webhook_deliveries where status = 'failed' and received_at > now() - interval '24 hours'
    ) f group by code
    union all
    select 'deliveries_waiting', null, null, count(*), null, null, min(received_at)
    from webhook_deliveries where status = 'pending' having min(received_at) < now() - interval '1 minute'
    union all
    -- what its repositories failed with is listed by repository
    select 'sweep_incomplete', error ->> 'code', error ->> 'message', 1, null, null, finished_at
    from (
      select status, error, finished_at from sync_jobs where job_type = 'periodic_sweep' and status <> 'running'
      order by started_at desc limit 1
    ) s where status in ('failed', 'partial') and error ->> 'code' <> 'PARTLY_FAILED'
    union all
    select 'blocked', coalesce(blocked_code, 'RATE_LIMITED'), null, count(distinct installation_id), max(l.installation_id),
      min(i.account_login), max(until)
    from (
      select installation_id, blocked_code,
        ${limitedUntil} as until from rate_limits
    ) l left join installations i on i.id = l.installation_id
    where until > now() group by blocked_code
    order by 4 desc limit 30`.execute(db);
  return rows;
}
