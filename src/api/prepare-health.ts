import { reasonOf } from '../process/reason-of.ts';
import type { ApiDeps } from './deps.ts';
import { lookAtHealth } from './routes/look-at-health.ts';

/**
 * Each run executes four statements concurrently: after this many, each was prepared in each of their sessions.
 */
const TIMES = 4;

/**
 * Computes health before the first request for it. At a million rows the shared counts take the first caller
 * half a second, and for each statement that is new to a session PostgreSQL reads its catalogue, which takes as
 * long as the statement. If this fails, the work is left to the first caller.
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
    log.debug({ reason: reasonOf(error) }, 'health could not be computed in advance');
  }
}
