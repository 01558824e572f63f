import type { Random } from '../../sandbox/world/random.ts';

/** One of the entries, as often as its weight says. */
export function pickWeighted<T extends { weight: number }>(
  random: Random,
  entries: Readonly<Record<string, T>>,
): [name: string, entry: T] {
  const list = Object.entries(entries);
  let rest = random.next() * list.reduce((sum, [, { weight }]) => sum + weight, 0);
  for (const [name, entry] of list) {
    rest -= entry.weight;
    if (rest < 0) return [name, entry];
  }
  throw new RangeError('nothing to pick from');
}
