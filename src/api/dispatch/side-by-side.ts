/** Queued work of one kind. */
export interface SideBySide<T> {
  add: (item: T) => void;
  /** Starts nothing more; resolves once everything started has ended. */
  close: () => Promise<void>;
}

/**
 * Works on items in order, with limited concurrency.
 *
 * @param work never rejects
 */
export function createSideBySide<T>(limit: number, work: (item: T) => Promise<void>): SideBySide<T> {
  const waiting: T[] = [];
  const begun = new Set<Promise<void>>();

  function beginNext(): void {
    while (begun.size < limit) {
      const item = waiting.shift();
      if (item === undefined) return;
      const one = work(item).finally(() => {
        begun.delete(one);
        beginNext();
      });
      begun.add(one);
    }
  }

  return {
    add(item) {
      waiting.push(item);
      beginNext();
    },
    async close() {
      waiting.length = 0;
      await Promise.all(begun);
    },
  };
}
