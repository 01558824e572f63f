/**
 * Does `work` once for all callers while it runs and for `ms` after it ended. A failure is shared too: an
 * unavailable dependency is not asked more often than an available one.
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
