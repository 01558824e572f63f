/** A binary heap: `pop` returns the item that sorts first. */
export interface Heap<T> {
  push(item: T): void;
  pop(): T | undefined;
}

/** An empty heap ordered by `compare` (negative: the first argument comes first). */
export function createHeap<T>(compare: (a: T, b: T) => number): Heap<T> {
  const items: T[] = [];
  /** Puts them the other way round when the lower one comes first; tells whether it did. */
  function lift(upper: number, lower: number): boolean {
    const [a, b] = [items[upper], items[lower]];
    if (a === undefined || b === undefined || compare(b, a) >= 0) return false;
    items[upper] = b;
    items[lower] = a;
    return true;
  }
  function sink(): void {
    for (let at = 0; ;) {
      const [left, right] = [items[2 * at + 1], items[2 * at + 2]];
      if (left === undefined) return;
      const child = right !== undefined && compare(right, left) < 0 ? 2 * at + 2 : 2 * at + 1;
      if (!lift(at, child)) return;
      at = child;
    }
  }
  return {
    push: (item) => {
      items.push(item);
      for (let at = items.length - 1; at > 0 && lift((at - 1) >> 1, at);) at = (at - 1) >> 1;
    },
    pop: () => {
      const [top] = items;
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink();
      }
      return top;
    },
  };
}
