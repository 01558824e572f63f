import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export interface Pulse {
  /** changes as soon as anything that a screen shows has changed */
  version: string;
  running_jobs: number;
  pending_deliveries: number;
}

interface Marks {
  running_jobs: number;
  pending_deliveries: number;
  [mark: string]: unknown;
}

/** Whether anything has changed: from indexes, and shared sums over repositories and installations. */
export async function readPulse(db: Sql): Promise<Pulse> {
  const { rows } = await sql<Marks>`select
    (select count(*) from webhook_deliveries where status = 'pending') as pending_deliveries,
    (select max(received_at) from webhook_deliveries) as newest_delivery,
    (select count(*) from sync_jobs where status = 'running') as running_jobs,
    (select jsonb_build_array(sum(repositories_processed + errors), md5(string_agg(rows::text, '' order by id)))
      from sync_jobs where status = 'running') as rows_of_running,
    (select max(started_at) from sync_jobs) as newest_job,
    (select max(finished_at) from sync_jobs) as newest_end,
    (select jsonb_agg(jsonb_build_array(installation_id, resource, blocked_until) order by installation_id, resource)
      from rate_limits where blocked_until > now() or (remaining = 0 and resets_at > now())) as blocked,
    (select jsonb_agg(jsonb_build_array(name, value -> 'reachable') order by name)
      from system_state where value ? 'reachable') as reachable,
    (select jsonb_build_array(count(*), max(last_synced_at), count(removed_at),
      count(*) filter (where sync_status = 'error'), count(*) filter (where sync_status = 'fresh'))
      from repositories) as repositories,
    (select jsonb_build_array(count(*), count(suspended_at), count(deleted_at), md5(string_agg(permissions::text, '' order by id)))
      from installations) as installations`.execute(db);
  const [marks] = rows;
  if (marks === undefined) throw new Error('a select without a table has one row');
  const version = createHash('sha256').update(JSON.stringify(marks)).digest('base64url').slice(0, 22);
  return { version, running_jobs: marks.running_jobs, pending_deliveries: marks.pending_deliveries };
}
