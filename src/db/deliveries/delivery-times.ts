import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { CORRECTED_AT_ONCE, notAhead } from '../times-ahead.ts';

/** Sets the times of some deliveries that lie ahead of the clock to now, so that they are due. @returns how many */
export async function correctDeliveryTimes(db: Sql): Promise<number> {
  const { numAffectedRows } = await sql`
    update webhook_deliveries set received_at = ${notAhead('received_at')}, processed_at = ${notAhead('processed_at')},
      tried_at = ${notAhead('tried_at')}, requeued_at = ${notAhead('requeued_at')}, retry_at = ${notAhead('retry_at')}
    where guid in (select guid from webhook_deliveries
      where received_at > now()
        or (greatest(processed_at, tried_at) > now() and (attempts > 0 or status = 'processed'))
        or (requeued_at > now() and status = 'pending')
      limit ${CORRECTED_AT_ONCE} for no key update skip locked)`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
