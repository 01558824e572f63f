/** Pseudo-random choices that depend on the seed only (mulberry32). The position is kept in `state.random`. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
  hex(length: number): string;
}

/** Choices drawn from `position.random`, which they move on. */
export function createRandom(position: { random: number }): Random {
  function next(): number {
    position.random = (position.random + 0x6d2b79f5) | 0;
    let t = Math.imul(position.random ^ (position.random >>> 15), 1 | position.random);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  function int(below: number): number {
    return Math.floor(next() * below);
  }
  return {
    next,
    int,
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    chance: (probability) => next() < probability,
    hex: (length) => Array.from({ length }, () => int(16).toString(16)).join(''),
  };
}
