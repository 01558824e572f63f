import { withPendingDeliveries } from '../../db/deliveries/pending-deliveries.ts';
import { sqlOf, type Orm } from '../../db/orm.ts';
import type { SharedLease } from '../../db/repository-sync/shared-lease.ts';
import { LOOK_EVERY_MS } from '../context/interruption.ts';

/**
 * Does `work` under a shared lease, of which each repository is released as soon as a delivery for it arrives:
 * its round need not wait until the pages of all the others are read.
 *
 * @param ids the repositories of the lease
 * @param work writes through the lease, and so writes none that were released
 */
export async function yieldToDeliveries<T>(
  orm: Orm,
  lease: SharedLease,
  ids: readonly number[],
  work: () => Promise<T>,
): Promise<T> {
  const released = new Set<number>();

  async function look(): Promise<void> {
    const held = ids.filter((id) => !released.has(id));
    const delivered = await withPendingDeliveries(sqlOf(orm), held);
    if (delivered.length === 0) return;
    await lease.release(delivered);
    for (const id of delivered) released.add(id);
  }

  // If the database is unavailable, the work itself will fail.
  const lookSafely = () => void look().catch(() => undefined);
  const looking = setInterval(lookSafely, LOOK_EVERY_MS);
  lease.onWaiter(lookSafely);
  return work().finally(() => {
    clearInterval(looking);
    lease.onWaiter(null);
  });
}
