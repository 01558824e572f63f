import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { hasPendingDeliveries } from '../../db/deliveries/pending-deliveries.ts';
import { sqlOf, type Orm } from '../../db/orm.ts';

/**
 * A delivery waits so long at most for a comparison of its repository under way, and for the page it reads; less where a
 * round of this process waits for the lease, which is told at once.
 */
const LOOK_EVERY_MS = 500;

/** What may end a round before its work is done. */
export interface Interruption {
  /** other deliveries came in since the round began, as far as `watchForDeliveries` has seen */
  hasNewDeliveries(): boolean;
  /**
   * True from the deadline on, and when deliveries came in: what is held is then saved and TimeSliceExpired thrown, for
   * another round to apply them and continue.
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

/**
 * @param lease tells when somebody waits for it
 * @param round its deadline (`Date.now()`), and the GUIDs of the deliveries that it works on: others are new
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
      // The comparison itself will meet a database that is away.
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
