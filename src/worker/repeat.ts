import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';

/** Does `work` every so often until stopped. A failure is logged and tried again the next time. */
export async function repeat(
  everyMs: number,
  stopped: AbortSignal,
  log: Logger,
  work: () => Promise<void>,
): Promise<void> {
  while (!stopped.aborted) {
    await work().catch((error: unknown) => log.warn({ err: error }, 'repeated work failed'));
    await sleep(everyMs, undefined, { signal: stopped }).catch(() => undefined);
  }
}
