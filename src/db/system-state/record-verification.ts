import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/**
 * Stores for `health` the result of the last full comparison of all live repositories: when the last of them
 * was compared, how many rows there were, and how many differed.
 */
export async function recordVerification(db: Sql): Promise<void> {
  await sql`
    insert into system_state (name, value, updated_at)
    select 'verification', jsonb_build_object('verified_at', max(s.verified_at),
        'rows_compared', coalesce(sum(coalesce((select sum(n::bigint) from jsonb_each_text(s.verified -> 'compared') as c(t, n)),
            (s.verified ->> 'rows')::bigint)), 0),
        'rows_healed', coalesce(sum((select sum(n::bigint) from jsonb_each_text(s.verified -> 'healed') as h(t, n))), 0)), now()
    from repositories r left join repository_sync s on s.repository_id = r.id
    where r.removed_at is null and r.sync_status <> 'paused'
    having count(*) > 0 and bool_and(s.verified_at is not null)
    on conflict (name) do update set value = excluded.value, updated_at = now()`.execute(db);
}
