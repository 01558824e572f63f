import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/**
 * Stores in `system_state` whether a dependency (`temporal`, `github`) answers and since when: `{ reachable,
 * since }`. `since` stays as long as the state does; `updated_at` is the last check.
 */
export async function recordReachability(db: Sql, name: string, reachable: boolean): Promise<void> {
  await sql`
    insert into system_state as s (name, value, updated_at)
    values (${name}, jsonb_build_object('reachable', ${reachable}::boolean, 'since', now()), now())
    on conflict (name) do update set
      updated_at = now(),
      value = case when s.value -> 'reachable' = excluded.value -> 'reachable' then s.value else excluded.value end`.execute(
    db,
  );
}
