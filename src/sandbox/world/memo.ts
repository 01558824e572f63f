/** Answers computed from a world's state and kept while they are true: histories, comparisons, sorted lists. */
import type { World } from './world.ts';

const KEPT = 300;

export interface Memo<T> {
  /** The value for a key, which must change whenever the value's sources do. */
  get(world: World, key: string, compute: () => T): T;
  /** The value if it is known already. */
  peek(world: World, key: string): T | undefined;
}

/** An empty memo; it holds the latest 300 values for each world. */
export function createMemo<T>(): Memo<T> {
  const worlds = new WeakMap<World, Map<string, { value: T }>>();
  function of(world: World): Map<string, { value: T }> {
    const known = worlds.get(world) ?? new Map<string, { value: T }>();
    worlds.set(world, known);
    return known;
  }
  return {
    peek: (world, key) => of(world).get(key)?.value,
    get: (world, key, compute) => {
      const values = of(world);
      const known = values.get(key);
      if (known) return known.value;
      const value = compute();
      values.set(key, { value });
      const oldest = values.size > KEPT ? values.keys().next() : null;
      if (oldest && !oldest.done) values.delete(oldest.value);
      return value;
    },
  };
}
