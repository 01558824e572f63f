import type { Orm } from '../orm.ts';

/** A lease that this process holds. */
export interface HeldLease {
  /** @param listener called from now on whenever another round in this process waits for it; null: none is */
  onWaiter: (listener: (() => void) | null) => void;
  /** It is free again: rounds that wait for it try at once. */
  end: () => void;
}

interface HeldLeases {
  hold(repositoryId: number): HeldLease;
  /**
   * Tells the holder that another round waits. Resolves when the lease is released; null if nobody in this
   * process holds it.
   */
  waitForRelease(repositoryId: number): Promise<void> | null;
}

const ofProcess = new WeakMap<Orm, HeldLeases>();

/**
 * The leases held through this connection to the database. The database knows who holds a lease; within a
 * process the holder and those who wait find each other here, without polling.
 */
export function heldLeases(orm: Orm): HeldLeases {
  const known = ofProcess.get(orm) ?? createHeldLeases();
  ofProcess.set(orm, known);
  return known;
}

function createHeldLeases(): HeldLeases {
  const held = new Map<number, { notify: () => void; ended: Promise<void> }>();
  return {
    hold(repositoryId) {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      let listener: (() => void) | null = null;
      const own = { notify: () => listener?.(), ended };
      held.set(repositoryId, own);
      return {
        onWaiter: (heard) => void (listener = heard),
        end() {
          // The same owner may have taken it over meanwhile.
          if (held.get(repositoryId) === own) held.delete(repositoryId);
          resolve();
        },
      };
    },
    waitForRelease(repositoryId) {
      const lease = held.get(repositoryId);
      lease?.notify();
      return lease?.ended ?? null;
    },
  };
}
