import { deleteExpired } from '../delete-expired.ts';
import type { Sql } from '../orm.ts';

/** Pending deliveries are kept; those processed, ignored or failed are finished. */
export function deleteExpiredDeliveries(
  db: Sql,
  keepMs: number,
): Promise<{ deleted: number; more: boolean }> {
  const expiring = { table: 'webhook_deliveries', key: 'guid', time: 'received_at' };
  return deleteExpired(db, { ...expiring, ended: `status <> 'pending'` }, keepMs);
}
