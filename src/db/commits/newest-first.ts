export interface NewestFirst<T> {
  push(value: T, at: number): void;
  /** Removes and returns the newest. */
  pop(): T | undefined;
}

/** A priority queue by time: a binary heap in which a parent is never older than its children. */
export function createNewestFirst<T>(): NewestFirst<T> {
  const heap: { value: T; at: number }[] = [];
  const at = (index: number): number => heap[index]?.at ?? -Infinity;

  function swap(one: number, other: number): void {
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  }

  function push(value: T, time: number): void {
    heap.push({ value, at: time });
    for (let child = heap.length - 1; child > 0;) {
      const parent = Math.floor((child - 1) / 2);
      if (at(parent) >= at(child)) return;
      swap(parent, child);
      child = parent;
    }
  }

  function pop(): T | undefined {
    const [top] = heap;
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top?.value;
    heap[0] = last;
    for (let parent = 0; ;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const newer = at(right) > at(left) ? right : left;
      if (at(newer) <= at(parent)) return top.value;
      swap(newer, parent);
      parent = newer;
    }
  }

  return { push, pop };
}
