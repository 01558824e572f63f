/** Stale reads: a copy of the world that follows it some seconds behind. */
import { replicaOf } from '../world/snapshot.ts';
import type { World } from '../world/world.ts';
import type { Faults } from './faults.ts';

export interface Replica {
  /** The world that reads through this API see now. */
  current(api: 'rest' | 'graphql'): World;
  close(): void;
}

/**
 * Follows `world`. Copies are taken only while `staleSeconds` is set: one when it is switched on, then one with each change
 * (at most every 50 ms), shown when it is old enough.
 */
export function createReplica(world: World, faults: Faults): Replica {
  let copies: { takenAt: number; world: World }[] = [];
  let pending: NodeJS.Timeout | null = null;
  function take(): void {
    pending = null;
    copies.push({ takenAt: Date.now(), world: replicaOf(world) });
  }
  const unsubscribe = world.subscribe(() => {
    if (faults.settings.staleSeconds > 0 && !pending) pending = setTimeout(take, 50);
  });
  return {
    current: (api) => {
      const { staleSeconds, staleApi } = faults.settings;
      const lag = staleSeconds * 1000;
      if (lag === 0) {
        copies = [];
        return world;
      }
      if (copies.length === 0) copies.push({ takenAt: 0, world: replicaOf(world) });
      const newest = copies.at(-1)?.takenAt ?? 0;
      // Changes without an event are copied as well.
      if (newest > 0 && newest < Date.now() - 2 * lag) take();
      const shown = copies.findLastIndex((copy) => copy.takenAt <= Date.now() - lag);
      copies = copies.slice(Math.max(0, shown));
      return staleApi === 'both' || staleApi === api ? (copies[0]?.world ?? world) : world;
    },
    close: () => {
      unsubscribe();
      if (pending) clearTimeout(pending);
    },
  };
}
