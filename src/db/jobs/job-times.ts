import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { CORRECTED_AT_ONCE, notAhead } from '../times-ahead.ts';

/** Sets the times of some jobs that lie ahead of the clock to now. @returns how many */
export async function correctJobTimes(db: Sql): Promise<number> {
  const { numAffectedRows } = await sql`
    update sync_jobs set started_at = ${notAhead('started_at')}, finished_at = ${notAhead('finished_at')}
    where id in (select id from sync_jobs where started_at > now() or finished_at > now()
      limit ${CORRECTED_AT_ONCE} for no key update skip locked)`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
