import type { Client } from '@temporalio/client';
import { SyncError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { callTemporal } from '../temporal/call.ts';
import { ensureSchedule, scheduleCommand } from '../temporal/ensure-schedule.ts';
import { ensureSearchAttributes } from '../temporal/ensure-search-attributes.ts';

/** Each of the two asks a few times. */
const ASK_MS = 10_000;

/** Whether the namespace has what the worker wants of it. */
export interface Prepared {
  searchAttributes: boolean;
}

/**
 * Creates the schedule and the search attributes where they are missing. Where the server forbids it, says
 * which command to run; the mirror works without, only without sweeps or without searching.
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
    // What Temporal itself said.
    const err = error instanceof SyncError ? (error.cause ?? error) : error;
    log.error({ err, run: scheduleCommand(every) }, 'the schedule of the sweep could not be made: run this');
  }
}
