/** Results computed from a world's state and cached while it does not change: histories, comparisons, sorted lists. */
import type { World } from './world.ts';

/** Values are dropped, oldest first, when together they weigh more; the latest few always stay. */
const BUDGET = 2_000_000;
const ALWAYS = 4;

export interface Memo<T> {
  /** The value for a key, which must change whenever the value's sources do. */
  get(world: World, key: string, compute: () => T): T;
  /** The value if it is known already. */
  peek(world: World, key: string): T | undefined;
}

interface Kept<T> {
  values: Map<string, { value: T; weight: number }>;
  weight: number;
}

/** An empty memo. `weigh` tells how many items a value holds. */
export function createMemo<T>(weigh: (value: T) => number): Memo<T> {
  const worlds = new WeakMap<World, Kept<T>>();
  function of(world: World): Kept<T> {
    const known = worlds.get(world) ?? { values: new Map(), weight: 0 };
    worlds.set(world, known);
    return known;
  }
  return {
    peek: (world, key) => of(world).values.get(key)?.value,
    get: (world, key, compute) => {
      const kept = of(world);
      const known = kept.values.get(key);
      if (known) return known.value;
      const value = compute();
      const weight = weigh(value) + 1;
      kept.values.set(key, { value, weight });
      kept.weight += weight;
      drop(kept);
      return value;
    },
  };
}

function drop<T>(kept: Kept<T>): void {
  for (const [key, { weight }] of kept.values) {
    if (kept.weight <= BUDGET || kept.values.size <= ALWAYS) return;
    kept.values.delete(key);
    kept.weight -= weight;
  }
}
