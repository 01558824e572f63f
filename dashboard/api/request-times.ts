interface Times {
  startedAt: number;
  /** of the last answer; null before the first one, and while the next is awaited */
  tookMs: number | null;
}

/** By path: when it was last requested, and how long the answer took. */
const times = new Map<string, Times>();

/** Answers that are faster than this are fetched at every change. */
const QUICK_MS = 500;
/**
 * Slower answers may take at most a tenth of the time: sums over 10,000 repositories, which take seconds, are
 * fetched twice a minute.
 */
const PAUSE = 10;

/** Sends a request and records how long it takes. */
export async function timed<T>(path: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const own: Times = { startedAt: Date.now(), tookMs: null };
  times.set(path, own);
  try {
    return await ask();
  } catch (error) {
    // Without an answer, what is known is as old as before.
    if (signal.aborted && times.get(path) === own) times.delete(path);
    throw error;
  } finally {
    own.tookMs = Date.now() - own.startedAt;
  }
}

/**
 * Whether the cached answer for `path` may be older than a change, and may be fetched now: never while an
 * answer is on its way, and after a slow one only once a multiple of its duration has passed.
 */
export function isDue(path: string, changedAt: number): boolean {
  const last = times.get(path);
  if (last === undefined) return true;
  if (last.tookMs === null || last.startedAt >= changedAt) return false;
  return last.tookMs < QUICK_MS || Date.now() - last.startedAt >= PAUSE * last.tookMs;
}
