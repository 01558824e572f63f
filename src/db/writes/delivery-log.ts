import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** When the App's delivery log was last read, or null. */
export async function lastLogReading(db: Sql): Promise<string | null> {
  const { rows } = await sql<{ read_at: string }>`
    select value ->> 'read_at' as read_at from system_state where name = 'delivery_log'`.execute(db);
  return rows[0]?.read_at ?? null;
}

export async function noteLogReading(db: Sql, readAt: string): Promise<void> {
  await sql`insert into system_state (name, value, updated_at)
    values ('delivery_log', ${JSON.stringify({ read_at: readAt })}::jsonb, now())
    on conflict (name) do update set value = excluded.value, updated_at = now()`.execute(db);
}

/** Those that never arrived here. */
export async function unknownGuids(db: Sql, guids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ guid: string }>`
    select g as guid from unnest(${guids}::text[]) g
    where not exists (select 1 from webhook_deliveries d where d.guid = g::uuid)`.execute(db);
  return new Set(rows.map(({ guid }) => guid));
}
