import type { Logger } from '../logger.ts';
import { repeat } from './repeat.ts';

const LOOK_EVERY_MS = 10_000;

/** Ends the process, with a line in its log, if its pool of connections is stuck: then only a restart helps. */
export function endWhenStuck(log: Logger, stop: AbortSignal, isStuck: () => Promise<boolean>): Promise<void> {
  return repeat(
    LOOK_EVERY_MS,
    stop,
    async () => {
      if (!(await isStuck())) return;
      log.fatal('the pool of database connections is stuck: ending the process');
      process.exit(1);
    },
    (error) => log.warn({ err: error }, 'the pool could not be inspected'),
  );
}
