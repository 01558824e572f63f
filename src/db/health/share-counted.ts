/** What a count found, and how many rows it went through. */
export interface Counted<T> {
  rows: number;
  value: T;
}

/** So few are counted anew for everybody who asks: about 2 ms. */
const FREE_ROWS = 10_000;
/** A million rows, which take about half a second, are counted every 50 s: a hundredth of the time. */
const ROWS_PER_MS = 20;
/** Older than this, beside what its rows allow, it is waited for. */
const STALE_MS = 60_000;

/**
 * A count whose answer is kept for a time in proportion to the rows it went through. Rows and not the time it took: a
 * busy machine makes nothing older. Up to FREE_ROWS the answer is always of this moment; beyond, it may be
 * `rows / ROWS_PER_MS` ms old, and up to STALE_MS older for the first who asks after a while, for whom it is counted in
 * the background.
 */
export function shareCounted<T>(count: () => Promise<Counted<T>>): () => Promise<T> {
  let last: { counted: Counted<T>; at: number } | undefined;
  let running: Promise<T> | undefined;

  function recount(): Promise<T> {
    if (running !== undefined) return running;
    const at = performance.now();
    const mine = count().then((counted) => {
      last = { counted, at };
      return counted.value;
    });
    const end = (): void => {
      running = undefined;
    };
    running = mine;
    mine.then(end, end);
    return mine;
  }

  return async () => {
    if (last === undefined) return recount();
    const { counted, at } = last;
    if (counted.rows <= FREE_ROWS) return (await count().then(keep)).value;
    const age = performance.now() - at;
    const allowed = counted.rows / ROWS_PER_MS;
    if (age >= allowed + STALE_MS) return recount();
    // Failing, it is tried again by the next who asks, until the answer is too old to be given.
    if (age >= allowed) recount().catch(() => undefined);
    return counted.value;
  };

  function keep(counted: Counted<T>): Counted<T> {
    last = { counted, at: performance.now() };
    return counted;
  }
}
