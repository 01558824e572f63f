import { deleteExpired } from '../delete-expired.ts';
import type { Sql } from '../orm.ts';

/** What waits is kept for as long as it waits; what was applied, ignored or failed has ended. */
export function deleteExpiredDeliveries(
  db: Sql,
  keepMs: number,
): Promise<{ deleted: number; more: boolean }> {
  const expiring = { table: 'webhook_deliveries', key: 'guid', time: 'received_at' };
  return deleteExpired(db, { ...expiring, ended: `status <> 'pending'` }, keepMs);
}
