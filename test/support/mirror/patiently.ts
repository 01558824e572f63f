import { setTimeout as sleep } from 'node:timers/promises';
import { isErrorCode, SyncError } from '../../../src/errors.ts';

/** Retries what Temporal would retry as an activity, but sooner. */
export async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const code = codeOf(error);
      if (!isErrorCode(code) || code.includes('RATE_LIMITED') || tries === 8) throw error;
      await sleep(Math.min(5 * 2 ** tries, 250));
    }
  }
}

/** Of an error of ours, or of the failure that an activity made of it. */
function codeOf(error: unknown): unknown {
  if (error instanceof SyncError) return error.code;
  return typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
}
