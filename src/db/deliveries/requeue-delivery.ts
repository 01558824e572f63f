import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** A delivery that waits again, and whom it concerns. */
export interface RequeuedDelivery {
  guid: string;
  event: string;
  installation_id: number | null;
  repository_id: number | null;
}

/**
 * Puts a delivery back into the queue, to be applied again: its tries are counted anew, from now.
 *
 * @returns the delivery; `pending` when it waits already, `unknown` when there is none of this GUID
 */
export async function requeueDelivery(
  db: Sql,
  guid: string,
): Promise<RequeuedDelivery | 'pending' | 'unknown'> {
  const { rows } = await sql<RequeuedDelivery>`update webhook_deliveries set status = 'pending',
      processed_at = null, error = null, failures = 0, retry_at = null, requeued_at = clock_timestamp()
    where guid = ${guid} and status <> 'pending'
    returning guid, event, installation_id, repository_id`.execute(db);
  if (rows[0] !== undefined) return rows[0];
  const found = await sql`select 1 from webhook_deliveries where guid = ${guid}`.execute(db);
  return found.rows.length > 0 ? 'pending' : 'unknown';
}
