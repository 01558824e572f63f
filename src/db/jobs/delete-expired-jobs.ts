import { deleteExpired } from '../delete-expired.ts';
import type { Sql } from '../orm.ts';

/** Deletes a batch of jobs that ended more than `keepMs` ago: see `deleteExpired`. */
export function deleteExpiredJobs(db: Sql, keepMs: number): Promise<{ deleted: number; more: boolean }> {
  const expiring = { table: 'sync_jobs', key: 'id', time: 'finished_at' };
  return deleteExpired(db, { ...expiring, ended: `status <> 'running'` }, keepMs);
}
