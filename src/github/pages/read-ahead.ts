/** Pages requested concurrently; the installation's limiter bounds all of its lists together. */
const WINDOW = 8;

/** The results of these jobs, in order; `WINDOW` of them run at a time. */
export async function* readAhead<T>(jobs: readonly (() => Promise<T>)[]): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  for (let index = 0; index < jobs.length; index += 1) {
    for (const job of jobs.slice(index + underWay.length, index + WINDOW)) {
      const running = job();
      // A job that fails while an earlier one is still awaited must not count as unhandled.
      running.catch(() => undefined);
      underWay.push(running);
    }
    const next = underWay.shift();
    if (next !== undefined) yield await next;
  }
}
