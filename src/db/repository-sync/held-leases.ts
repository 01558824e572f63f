import type { Orm } from '../orm.ts';

/** A lease that this process holds. */
export interface HeldLease {
  /** @param listener called whenever somebody else of this process waits for it, from now on; null: nobody is */
  onWaiter: (listener: (() => void) | null) => void;
  /** It is free again: whoever waits for it tries at once. */
  end: () => void;
}

interface HeldLeases {
  hold(repositoryId: number): HeldLease;
  /** Tells the holder that somebody waits. Resolves when it lets go; null where nobody of this process holds it. */
  waitForRelease(repositoryId: number): Promise<void> | null;
}

const ofProcess = new WeakMap<Orm, HeldLeases>();

/**
 * The leases held over this connection to the database. Who holds one says the database; within a process its holder and
 * those who wait for it find each other here, without looking again and again.
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
