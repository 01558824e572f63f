interface Times {
  startedAt: number;
  /** of the last answer; null before there is one, and while the next is waited for */
  tookMs: number | null;
}

/** By path: when it was last asked, and how long the answer took. */
const times = new Map<string, Times>();

/** What is answered sooner follows every change. */
const QUICK_MS = 500;
/**
 * What takes longer is worked on for a tenth of the time at most: sums over 10,000 repositories, which take seconds, are asked
 * for twice a minute.
 */
const PAUSE = 10;

/** Asks, and takes down how long it takes. */
export async function timed<T>(path: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const own: Times = { startedAt: Date.now(), tookMs: null };
  times.set(path, own);
  try {
    return await ask();
  } catch (error) {
    // Nobody got an answer: what is known is as old as it was.
    if (signal.aborted && times.get(path) === own) times.delete(path);
    throw error;
  } finally {
    own.tookMs = Date.now() - own.startedAt;
  }
}

/**
 * Whether what is known of `path` may be older than a change, and may be asked for now: never while an answer is on its
 * way, and after one that took long only when a multiple of that has passed.
 */
export function isDue(path: string, changedAt: number): boolean {
  const last = times.get(path);
  if (last === undefined) return true;
  if (last.tookMs === null || last.startedAt >= changedAt) return false;
  return last.tookMs < QUICK_MS || Date.now() - last.startedAt >= PAUSE * last.tookMs;
}
