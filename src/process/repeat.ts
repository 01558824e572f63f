import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does `turn` repeatedly with a pause in between, until stopped. An error ends only one turn.
 *
 * @returns resolves when the last turn is over
 */
export async function repeat(
  pauseMs: number,
  stopped: AbortSignal,
  turn: () => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  while (!stopped.aborted) {
    await turn().catch(onError);
    await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}
