/** Runs jobs in the order they came, a few at a time. */
export interface Queue {
  add(job: () => Promise<void>): void;
  /** When nothing runs or waits. */
  idle(): Promise<void>;
  /** Forgets what waits. */
  close(): void;
}

/** A queue that runs up to `width` jobs at a time. Jobs must not fail. */
export function createQueue(width: number): Queue {
  let waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let idlers: (() => void)[] = [];
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
    if (running > 0 || waiting.length > 0) return;
    for (const resolve of idlers) resolve();
    idlers = [];
  }
  return {
    add: (job) => {
      waiting.push(job);
      next();
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
        next();
      }),
    close: () => {
      waiting = [];
    },
  };
}
