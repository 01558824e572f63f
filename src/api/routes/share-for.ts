/**
 * Does `work` once for all who ask while it is under way, and within `ms` after it ended; a failure too: what is
 * away is not asked more often than what is there.
 */
export function shareFor<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let until = Number.POSITIVE_INFINITY;
  return () => {
    if (last !== undefined && performance.now() < until) return last;
    until = Number.POSITIVE_INFINITY;
    const begun = work();
    const end = (): void => {
      until = performance.now() + ms;
    };
    begun.then(end, end);
    last = begun;
    return begun;
  };
}
