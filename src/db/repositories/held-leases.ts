import type { Orm } from '../orm.ts';

/** A lease that this process holds. */
export interface HeldLease {
  /** @param listener called whenever somebody else of this process waits for it, from now on; null: nobody is */
  onWanted: (listener: (() => void) | null) => void;
  /** It is free again: whoever waits for it tries at once. */
  end: () => void;
}

interface HeldLeases {
  hold(repositoryId: number): HeldLease;
  /** Tells the holder that it is waited for. Resolves when it lets go; null where nobody of this process holds it. */
  want(repositoryId: number): Promise<void> | null;
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
  const held = new Map<number, { wanted: () => void; ended: Promise<void> }>();
  return {
    hold(repositoryId) {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      let listener: (() => void) | null = null;
      const own = { wanted: () => listener?.(), ended };
      held.set(repositoryId, own);
      return {
        onWanted: (heard) => void (listener = heard),
        end() {
          // The same owner may have taken it over meanwhile.
          if (held.get(repositoryId) === own) held.delete(repositoryId);
          resolve();
        },
      };
    },
    want(repositoryId) {
      const lease = held.get(repositoryId);
      lease?.wanted();
      return lease?.ended ?? null;
    },
  };
}
