import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does something again and again with a pause in between, until stopped. An error ends one turn only.
 *
 * @returns what stops it, resolving when the last turn is over
 */
export function repeat(
  pauseMs: number,
  turn: () => Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await turn().catch(onError);
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return () => {
    stopping.abort();
    return running;
  };
}
