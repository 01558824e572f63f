import type { Client } from '@temporalio/client';
import type { Logger } from '../logger.ts';
import { ensureSchedule, scheduleCommand } from '../temporal/ensure-schedule.ts';
import { ensureSearchAttributes } from '../temporal/ensure-search-attributes.ts';

/** Whether the namespace has what the worker wants of it. */
export interface Prepared {
  searchAttributes: boolean;
}

/**
 * Creates the schedule and the search attributes where they are missing. Where the server forbids it, says
 * which command to run; the mirror works without, only without sweeps or without searching.
 */
export async function prepareTemporal(
  client: Client,
  every: number,
  log: Logger,
  prepared: Prepared,
): Promise<void> {
  prepared.searchAttributes = (await ensureSearchAttributes(client, log)).length === 0;
  try {
    await ensureSchedule(client, { every, log });
  } catch (error) {
    log.error(
      { err: error, run: scheduleCommand(every) },
      'the schedule of the sweep could not be made: run this',
    );
  }
}
