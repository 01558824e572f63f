import type { Client } from '@temporalio/client';
import { SyncError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { callTemporal } from '../temporal/call.ts';
import { ensureSchedule, scheduleCommand } from '../temporal/ensure-schedule.ts';
import { ensureSearchAttributes } from '../temporal/ensure-search-attributes.ts';

/** Each of the two tries a few times. */
const ASK_MS = 10_000;

/** Whether the namespace has what the worker needs. */
export interface Prepared {
  searchAttributes: boolean;
}

/**
 * Creates the schedule and the search attributes if they are missing. If the server forbids it, logs the
 * command to run; the mirror works without, except for sweeps or searching.
 *
 * @throws SyncError TEMPORAL_UNAVAILABLE
 */
export async function prepareTemporal(
  client: Client,
  every: number,
  log: Logger,
  prepared: Prepared,
): Promise<void> {
  const missing = await callTemporal(client, ASK_MS, () => ensureSearchAttributes(client, log));
  prepared.searchAttributes = missing.length === 0;
  try {
    await callTemporal(client, ASK_MS, () => ensureSchedule(client, { every, log }));
  } catch (error) {
    // Temporal's own message.
    const err = error instanceof SyncError ? (error.cause ?? error) : error;
    log.error(
      { err, run: scheduleCommand(every) },
      'the schedule of the sweep could not be created: run this command',
    );
  }
}
