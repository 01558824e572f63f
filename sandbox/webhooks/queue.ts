/** Runs jobs in the order they came, a few at a time. */
export interface Queue {
  /** Runs it when there is room; after a while, when `delayMs` is given (it takes no room meanwhile). */
  add(job: () => Promise<void>, delayMs?: number): void;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
  /** Forgets what waits. */
  close(): void;
}

/** A queue that runs up to `width` jobs at a time. Jobs must not fail. */
export function createQueue(width: number): Queue {
  let waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let idlers: (() => void)[] = [];
  const timers = new Set<NodeJS.Timeout>();
  async function run(job: () => Promise<void>): Promise<void> {
    running += 1;
    await job();
    running -= 1;
    next();
  }
  function next(): void {
    while (running < width) {
      const job = waiting.shift();
      if (!job) break;
      void run(job);
    }
    if (running > 0 || waiting.length > 0 || timers.size > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  }
  function enqueue(job: () => Promise<void>): void {
    waiting.push(job);
    next();
  }
  return {
    add: (job, delayMs = 0) => {
      if (delayMs === 0) {
        enqueue(job);
        return;
      }
      const timer = setTimeout(() => {
        timers.delete(timer);
        enqueue(job);
      }, delayMs);
      timers.add(timer);
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
        next();
      }),
    close: () => {
      waiting = [];
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      next();
    },
  };
}
