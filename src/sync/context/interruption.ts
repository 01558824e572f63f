import { hasPendingDeliveries } from '../../db/deliveries/pending-deliveries.ts';
import { sqlOf, type Orm } from '../../db/orm.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';

/**
 * The longest that a delivery waits for a running comparison of its repository and the page it is reading. It
 * is shorter if a round of this process waits for the lease, because that is signalled at once.
 */
export const LOOK_EVERY_MS = 500;

/** What may end a round before its work is done. */
export interface Interruption {
  /** other deliveries arrived since the round began, as far as `watchForDeliveries` has seen */
  hasNewDeliveries(): boolean;
  /**
   * True after the deadline, and when deliveries arrived: then rows in memory are saved and TimeSliceExpired is
   * thrown, so that another round applies the deliveries and continues.
   */
  shouldYield(): boolean;
  /** looks for new deliveries while a long comparison runs */
  watchForDeliveries<T>(compare: () => Promise<T>): Promise<T>;
}

/** Thrown between two chunks when the round's time is up. Not an error: work remains. */
export class TimeSliceExpired extends Error {
  constructor() {
    super('the round is over, work remains');
    this.name = 'TimeSliceExpired';
  }
}

/** @throws TimeSliceExpired if the round should yield: call it where what was read is saved */
export function throwIfExpired(interruption: Pick<Interruption, 'shouldYield'>): void {
  if (interruption.shouldYield()) throw new TimeSliceExpired();
}

/**
 * @param lease signals when another round waits for it
 * @param round its deadline (`Date.now()`), and the GUIDs of its deliveries: all others are new
 */
export function createInterruption(
  orm: Orm,
  lease: Pick<RepositoryLease, 'repositoryId' | 'onWaiter'>,
  round: { deadline: number; guids: readonly string[] },
  lookEveryMs = LOOK_EVERY_MS,
): Interruption {
  let hasNew = false;

  function look(): void {
    hasPendingDeliveries(sqlOf(orm), lease.repositoryId, round.guids).then(
      (found) => (hasNew ||= found),
      // The comparison itself will fail if the database is unavailable.
      () => undefined,
    );
  }

  async function watchForDeliveries<T>(compare: () => Promise<T>): Promise<T> {
    const looking = setInterval(look, lookEveryMs);
    lease.onWaiter(look);
    return compare().finally(() => {
      clearInterval(looking);
      lease.onWaiter(null);
    });
  }

  return {
    hasNewDeliveries: () => hasNew,
    shouldYield: () => hasNew || Date.now() > round.deadline,
    watchForDeliveries,
  };
}
