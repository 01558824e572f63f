/** The result of a count, and how many rows it read. */
export interface Counted<T> {
  rows: number;
  value: T;
}

/** Up to this many rows are counted again for every caller: about 2 ms. */
const FREE_ROWS = 10_000;
/** A million rows, which take about half a second, are counted every 50 s: a hundredth of the time. */
const ROWS_PER_MS = 20;
/**
 * A result older than this, in addition to what its rows allow, is not served: the caller waits for a new one.
 */
const STALE_MS = 60_000;

/**
 * A count whose result is shared for a time in proportion to the rows it read; rows rather than the time taken,
 * so that results are not older on a busy machine. Up to FREE_ROWS the answer is always current; beyond, it may
 * be `rows / ROWS_PER_MS` ms old, and up to STALE_MS older for the first caller after a pause, for whom it is
 * counted in the background.
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
    // If it fails, the next caller tries again, until the result is too old to be served.
    if (age >= allowed) recount().catch(() => undefined);
    return counted.value;
  };

  function keep(counted: Counted<T>): Counted<T> {
    last = { counted, at: performance.now() };
    return counted;
  }
}
