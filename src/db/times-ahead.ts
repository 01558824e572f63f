import { sql, type RawBuilder } from 'kysely';
import type { Sql } from './orm.ts';

/** How many rows one statement corrects. */
export const CORRECTED_AT_ONCE = 5000;

/** Ordinary differences: transactions that began earlier, a clock that is adjusted by little. */
const TOLERANCE = sql`interval '1 minute'`;

/** A column's time, or now if that lies ahead. A column without a time stays so. */
export function notAhead(column: string) {
  return sql`case when ${sql.ref(column)} > now() then now() else ${sql.ref(column)} end`;
}

/** As `notAhead`, for times that may lie some seconds ahead, like the end of a lease. */
export function notFarAhead(column: string) {
  return sql`case when ${sql.ref(column)} > now() + ${TOLERANCE} then now() else ${sql.ref(column)} end`;
}

/** No clock that is right differs from another by this much: GitHub's, a worker's, the database's. */
export const FAR_AHEAD_MS = 3_600_000;

/** Whether a time lies so far ahead that a clock was wrong when it was recorded. */
export function isFarAhead(time: RawBuilder<unknown>) {
  return sql`${time} > now() + make_interval(secs => ${FAR_AHEAD_MS / 1000})`;
}

/**
 * Whether jobs, deliveries or states have times that are still to come: then the database's clock, by which all of them
 * are recorded, was ahead and has been set back. Each of the times is the last of an index, or of a few rows.
 */
export async function wasClockAhead(db: Sql): Promise<boolean> {
  const { rows } = await sql<{ ahead: boolean }>`
    select coalesce(greatest(
      (select max(started_at) from sync_jobs),
      (select max(finished_at) from sync_jobs where finished_at is not null),
      (select max(received_at) from webhook_deliveries),
      (select max(greatest(processed_at, tried_at)) from webhook_deliveries where attempts > 0 or status = 'processed'),
      (select max(updated_at) from system_state)) > now() + ${TOLERANCE}, false) as ahead`.execute(db);
  return rows[0]?.ahead ?? false;
}
