import { sql } from 'kysely';
import type { ErrorCode } from '../../errors.ts';
import type { Sql } from '../orm.ts';

/**
 * Which process is reading the App's delivery log, so that only one does at a time: `system_state`, name
 * `delivery_log_reader`. Stored as `{ owner, until, read_at, due_at, code }`; times are the database's.
 */
const LEASE_SECONDS = 20;

/** When processes that read the log periodically read it next. */
export interface NextReading {
  inMs: number;
  /**
   * why that is later than the interval says: `RATE_LIMITED`, or how the last reading failed; null if it is not
   */
  code: ErrorCode | null;
  /** whether the last reading completed */
  wasRead: boolean;
}

/** The state of reading the log periodically, between sweeps. */
export interface LogState {
  /** the last reading that completed; null if none has */
  read_at: string | null;
  due_at: string;
  /** as in `NextReading`; unknown text if another version of the worker wrote it */
  code: string | null;
  /** how many milliseconds the next reading is overdue; negative if it is not due yet */
  overdue_ms: number;
  /** it is being read now */
  is_held: boolean;
}

/**
 * Takes the hold on the log, or renews that of the same owner.
 *
 * @param onlyWhenDue true: not before the time that the last reading set for the next
 * @returns null if it was taken, else in how many milliseconds to try again
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

/**
 * Releases the hold. `next` is null for callers that do not read periodically: they leave the schedule alone.
 */
export async function releaseLog(db: Sql, owner: string, next: NextReading | null): Promise<void> {
  const changes =
    next === null
      ? sql`'{}'::jsonb`
      : sql`jsonb_build_object('due_at', now() + ${next.inMs}::float8 * interval '1 millisecond', 'code', ${next.code}::text)
          || case when ${next.wasRead}::boolean then jsonb_build_object('read_at', now()) else '{}' end`;
  await sql`update system_state set updated_at = now(), value = value - 'owner' - 'until' || ${changes}
    where name = 'delivery_log_reader' and value ->> 'owner' = ${owner}::text`.execute(db);
}

/** Null: nobody reads it periodically. */
export async function readLogState(db: Sql): Promise<LogState | null> {
  const { rows } = await sql<LogState>`
    select (value ->> 'read_at')::timestamptz as read_at, (value ->> 'due_at')::timestamptz as due_at,
      value ->> 'code' as code,
      extract(epoch from now() - (value ->> 'due_at')::timestamptz)::float8 * 1000 as overdue_ms,
      coalesce((value ->> 'until')::timestamptz > now(), false) as is_held
    from system_state where name = 'delivery_log_reader' and value ->> 'due_at' is not null`.execute(db);
  return rows[0] ?? null;
}
