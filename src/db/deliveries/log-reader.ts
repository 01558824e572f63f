import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/**
 * Who reads the App's delivery log now, so that one process does at a time: `system_state`, name `delivery_log_reader`.
 * Kept as `{ owner, until, due_at }`; times are the database's.
 */
const LEASE_SECONDS = 20;

/**
 * Takes the log, or renews the hold of the same owner.
 *
 * @param onlyWhenDue true: not before the time that the last reading set for the next
 * @returns null when it is taken, else in how many milliseconds to try again
 */
export async function claimLog(db: Sql, owner: string, onlyWhenDue: boolean): Promise<number | null> {
  const { rows } = await sql<{ owner: string; wait: number }>`
    insert into system_state as s (name, value, updated_at)
    values ('delivery_log_reader',
      jsonb_build_object('owner', ${owner}::text, 'until', now() + ${LEASE_SECONDS}::int * interval '1 second'), now())
    on conflict (name) do update set updated_at = now(), value = s.value || excluded.value
    where (s.value ->> 'owner' is null or s.value ->> 'owner' = ${owner}::text
        or (s.value ->> 'until')::timestamptz <= now())
      and (not ${onlyWhenDue}::boolean or s.value ->> 'due_at' is null or (s.value ->> 'due_at')::timestamptz <= now())
    returning s.value ->> 'owner' as owner, 0 as wait`.execute(db);
  if (rows[0]?.owner === owner) return null;
  const waits = await sql<{ wait: number }>`
    select extract(epoch from (value ->> 'due_at')::timestamptz - now())::float8 * 1000 as wait
    from system_state where name = 'delivery_log_reader'`.execute(db);
  return Math.max(0, waits.rows[0]?.wait ?? 0);
}

/** Lets the log go. `dueInMs`: when it is to be read next by those that read it again and again. */
export async function releaseLog(db: Sql, owner: string, dueInMs: number | null): Promise<void> {
  await sql`update system_state set updated_at = now(), value = value - 'owner' - 'until'
      || case when ${dueInMs}::float8 is null then '{}' else jsonb_build_object(
        'read_at', now(), 'due_at', now() + ${dueInMs ?? 0}::float8 * interval '1 millisecond') end
    where name = 'delivery_log_reader' and value ->> 'owner' = ${owner}::text`.execute(db);
}
