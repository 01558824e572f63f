const SHORTEST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before looking at an installation's queue again if another process is working on the
 * remaining repositories or they just failed: longer and longer while none of them gets done.
 */
export function createQueueWait() {
  let least = Infinity;
  let wait = SHORTEST_MS;
  return (remaining: number, afterMs: number): number => {
    wait = remaining < least ? SHORTEST_MS : Math.min(wait * 2, LONGEST_MS);
    least = remaining;
    return Math.max(wait, afterMs);
  };
}
