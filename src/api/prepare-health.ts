import { reasonOf } from '../process/reason-of.ts';
import type { ApiDeps } from './deps.ts';
import { lookAtHealth } from './routes/look-at-health.ts';

/** Four of its statements run each time, side by side: by then each has been in each of their sessions. */
const TIMES = 4;

/**
 * Asks for health before anybody does. What is counted for all who ask takes the first one half a second at a million rows, and
 * PostgreSQL reads its catalogue for each statement that is new to a session, which takes as long as the statement. Failing, it
 * is left to the first who asks.
 */
export async function prepareHealth(
  { db, counts, log }: Pick<ApiDeps, 'db' | 'counts' | 'log'>,
  {
    SYNC_INTERVAL: intervalMs,
    SYNC_FRESH_FOR: freshForMs,
  }: { SYNC_INTERVAL: number; SYNC_FRESH_FOR: number },
): Promise<void> {
  const settings = { intervalMs, freshForMs };
  try {
    for (let time = 0; time < TIMES; time += 1) await lookAtHealth({ db, counts, settings });
  } catch (error) {
    log.debug({ reason: reasonOf(error) }, 'health could not be prepared');
  }
}
