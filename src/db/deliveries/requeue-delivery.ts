import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** A delivery that is pending again, and what it concerns. */
export interface RequeuedDelivery {
  guid: string;
  event: string;
  installation_id: number | null;
  repository_id: number | null;
}

/**
 * Puts a delivery back into the queue, to be applied again; its attempts are counted anew.
 *
 * @returns the delivery; `pending` if it is already pending, `unknown` if there is none with this GUID
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
