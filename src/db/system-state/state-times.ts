import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { notAhead } from '../times-ahead.ts';

/** The times in the values, which are the database's; those of `delivery_log` are GitHub's. */
const TIMES = sql`name <> 'delivery_log' and key in ('since', 'verified_at', 'read_at', 'until', 'due_at')`;

/**
 * Sets the times of recorded states that lie ahead of the clock to now: when each was recorded, since when Temporal and
 * GitHub are (un)reachable, the last complete verification, when the delivery log is read next.
 *
 * @returns how many states had some
 */
export async function correctStateTimes(db: Sql): Promise<number> {
  const { numAffectedRows } = await sql`
    update system_state s set updated_at = ${notAhead('s.updated_at')}, value = s.value || corrected.times
    from (select name, coalesce(jsonb_object_agg(key, to_jsonb(now())) filter (where
        case when ${TIMES} then text::timestamptz > now() + interval '1 minute' end), '{}') as times
      from system_state left join jsonb_each_text(value) as field(key, text) on true group by name) corrected
    where s.name = corrected.name and (s.updated_at > now() or corrected.times <> '{}')`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
