import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** Where an unfinished reading of the log continues. */
export interface LogCheckpoint {
  /** the page it continues with */
  url: string;
  began_at: string | null;
  /** how far back it goes; null: to the end of the log */
  since: string | null;
  /** whether something in it could not be read */
  isOdd: boolean;
  /** how often the page that it continues with failed */
  failed: number;
}

/** A lost delivery that GitHub could not show when it was requested. */
export interface MissedDelivery {
  guid: string;
  id: string;
  tries: number;
  met_at: string;
  tried_at: string;
}

/** Something in the log that could not be read: the next readings go back to `since` for it. */
export interface UnreadLog {
  since: string | null;
  tries: number;
  met_at: string;
  tried_at: string;
}

/** How far the App's delivery log was read. Times are GitHub's. */
export interface LogReading {
  /** everything delivered before is stored, except `unread` and `missed`; null before the first reading */
  read_at: string | null;
  /** when it was first read, if nothing had been imported by then: what happened before needs no delivery */
  empty_at: string | null;
  checkpoint: LogCheckpoint | null;
  unread: UnreadLog | null;
  missed: MissedDelivery[];
}

/** For older processes: the checkpoint under its original name. */
type StoredReading = Partial<Omit<LogReading, 'checkpoint'>> & { walk?: LogCheckpoint | null };

export async function lastLogReading(db: Sql): Promise<LogReading> {
  const { rows } = await sql<{ value: StoredReading }>`
    select value from system_state where name = 'delivery_log'`.execute(db);
  const { walk = null, ...reading } = rows[0]?.value ?? {};
  return { read_at: null, empty_at: null, unread: null, missed: [], ...reading, checkpoint: walk };
}

export async function recordLogReading(db: Sql, { checkpoint, ...reading }: LogReading): Promise<void> {
  const stored: StoredReading = { ...reading, walk: checkpoint };
  await sql`insert into system_state (name, value, updated_at)
    values ('delivery_log', ${JSON.stringify(stored)}::jsonb, now())
    on conflict (name) do update set value = excluded.value, updated_at = now()`.execute(db);
}

/** What deliveries are about: a repository, or an installation as a whole. */
export interface DeliverySubject {
  repository_id: number | null;
  installation_id: number | null;
}

/** Whether any delivery about this subject has arrived that can change something. */
export async function hasDelivery(db: Sql, subject: DeliverySubject): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select 1 from webhook_deliveries where status <> 'ignored'
      and ${
        subject.repository_id === null
          ? sql`repository_id is null and installation_id = ${subject.installation_id}`
          : sql`repository_id = ${subject.repository_id}`
      }) as found`.execute(db);
  return rows[0]?.found === true;
}

/** Those that never arrived here. */
export async function unknownGuids(db: Sql, guids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ guid: string }>`
    select g as guid from unnest(${guids}::text[]) g
    where not exists (select 1 from webhook_deliveries d where d.guid = g::uuid)`.execute(db);
  return new Set(rows.map(({ guid }) => guid));
}
