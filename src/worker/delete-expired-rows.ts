import { deleteExpiredDeliveries } from '../db/deliveries/delete-expired-deliveries.ts';
import { deleteExpiredJobs } from '../db/jobs/delete-expired-jobs.ts';
import { sqlOf, type Orm } from '../db/orm.ts';

/** Batches per turn: with a turn every ten minutes, fourteen million rows a day. */
const BATCHES = 200;

const deletions = { webhook_deliveries: deleteExpiredDeliveries, sync_jobs: deleteExpiredJobs };

type ExpiringTable = keyof typeof deletions;

/** How long finished rows are kept, in milliseconds. */
export type Retention = Readonly<Record<ExpiringTable, number>>;

/**
 * Deletes expired rows in small batches until none is left, the turn is over or the worker stops. Any number of
 * workers may do so at once.
 *
 * @returns rows deleted, per table
 */
export async function deleteExpiredRows(
  orm: Orm,
  retention: Retention,
  stop: AbortSignal,
): Promise<Record<ExpiringTable, number>> {
  const total = { webhook_deliveries: 0, sync_jobs: 0 };
  for (const table of ['webhook_deliveries', 'sync_jobs'] as const) {
    for (let batch = 0; batch < BATCHES && !stop.aborted; batch += 1) {
      const { deleted, more } = await deletions[table](sqlOf(orm), retention[table]);
      total[table] += deleted;
      if (!more) break;
    }
  }
  return total;
}
