import { correctDeliveryTimes } from '../db/deliveries/delivery-times.ts';
import { correctJobTimes } from '../db/jobs/job-times.ts';
import { sqlOf, type Orm } from '../db/orm.ts';
import { correctComparedTimes } from '../db/repositories/sync-status.ts';
import { correctQueueTimes } from '../db/repository-sync/queue-times.ts';
import { correctStateTimes } from '../db/system-state/state-times.ts';
import { CORRECTED_AT_ONCE, wasClockAhead } from '../db/times-ahead.ts';
import type { RowCounts } from '../model.ts';

/** Jobs and deliveries last: they tell that there is something to correct, also to the next process. */
const corrections = {
  repositories: correctComparedTimes,
  repository_sync: correctQueueTimes,
  system_state: correctStateTimes,
  webhook_deliveries: correctDeliveryTimes,
  sync_jobs: correctJobTimes,
} as const;

/**
 * Corrects what was recorded while the database's clock was ahead, after it was set back. Until the clock reaches them
 * again, repositories with such times would count as just compared, what waits would not be due, and health would take
 * the last sweep for a recent one.
 *
 * @returns how many rows were corrected, per table; null if none of the clock's times lies ahead
 */
export async function correctTimes(orm: Orm, stop: AbortSignal): Promise<RowCounts | null> {
  const db = sqlOf(orm);
  if (!(await wasClockAhead(db))) return null;
  const corrected: Record<string, number> = {};
  for (const [table, correct] of Object.entries(corrections)) {
    for (let more = true; more && !stop.aborted;) {
      const rows = await correct(db);
      corrected[table] = (corrected[table] ?? 0) + rows;
      more = rows === CORRECTED_AT_ONCE;
    }
  }
  return corrected;
}
