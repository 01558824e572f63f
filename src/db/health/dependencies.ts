import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export interface Dependencies {
  temporal: 'up' | 'down' | 'unknown';
  github: 'up' | 'down' | 'limited';
}

/**
 * The last known state of Temporal and GitHub: the API checks Temporal every few seconds; the workers record
 * what they see of GitHub. GitHub is `limited` while any installation may not be asked.
 */
export async function readDependencies(db: Sql): Promise<Dependencies> {
  const { rows } = await sql<Dependencies>`select
    coalesce((select case when value -> 'reachable' = 'true' then 'up' else 'down' end
      from system_state where name = 'temporal'), 'unknown') as temporal,
    case
      when exists (select 1 from system_state where name = 'github' and value -> 'reachable' = 'false')
        or exists (select 1 from rate_limits where blocked_until > now()
          and blocked_code in ('GITHUB_UNAVAILABLE', 'BAD_CREDENTIALS')) then 'down'
      when exists (select 1 from rate_limits
        where blocked_until > now() or (remaining = 0 and resets_at > now())) then 'limited'
      else 'up'
    end as github`.execute(db);
  return rows[0] ?? { temporal: 'unknown', github: 'up' };
}
