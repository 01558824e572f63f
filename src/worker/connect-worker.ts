import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../logger.ts';
import type { TemporalSettings } from '../temporal/settings.ts';

const RETRY_MS = 2000;

/** Waits for Temporal for as long as it takes: a worker may be started first. Null if stopped. */
export async function connectWorker(
  settings: TemporalSettings,
  log: Logger,
  stopped: AbortSignal,
): Promise<NativeConnection | null> {
  for (let attempt = 1; !stopped.aborted; attempt += 1) {
    try {
      return await NativeConnection.connect(settings.connectionOptions);
    } catch (error) {
      if (attempt % 15 === 1)
        log.warn({ err: error, address: settings.connectionOptions.address }, 'waiting for Temporal');
      await sleep(RETRY_MS, undefined, { signal: stopped }).catch(() => undefined);
    }
  }
  return null;
}
