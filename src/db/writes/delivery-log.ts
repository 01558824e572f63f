import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** How far the App's delivery log was read. Times are GitHub's. */
export interface LogReading {
  /** all that was delivered before is taken in; null before the first reading */
  read_at: string | null;
  /** a reading that is not through: the page it goes on with, and when it began */
  walk: { url: string; began_at: string } | null;
  /** lost deliveries that GitHub could not show when they were asked for, and how often that was tried */
  missed: { guid: string; id: string; tries: number }[];
}

export async function lastLogReading(db: Sql): Promise<LogReading> {
  const { rows } = await sql<{ value: Partial<LogReading> }>`
    select value from system_state where name = 'delivery_log'`.execute(db);
  return { read_at: null, walk: null, missed: [], ...rows[0]?.value };
}

export async function noteLogReading(db: Sql, reading: LogReading): Promise<void> {
  await sql`insert into system_state (name, value, updated_at)
    values ('delivery_log', ${JSON.stringify(reading)}::jsonb, now())
    on conflict (name) do update set value = excluded.value, updated_at = now()`.execute(db);
}

/** Those that never arrived here. */
export async function unknownGuids(db: Sql, guids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ guid: string }>`
    select g as guid from unnest(${guids}::text[]) g
    where not exists (select 1 from webhook_deliveries d where d.guid = g::uuid)`.execute(db);
  return new Set(rows.map(({ guid }) => guid));
}
