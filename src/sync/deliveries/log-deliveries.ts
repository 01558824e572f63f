import type { Logger } from '../../logger.ts';

/** So many deliveries are named in a line: enough to follow one, and no line of megabytes in a storm. */
const GUIDS = 20;

/** Joins deliveries with the job that works on them, whichever it is: an import takes along what waits, too. */
export function logDeliveries(
  log: Logger,
  { jobId, repositoryId }: { jobId: string; repositoryId: number },
  deliveries: readonly { guid: string }[],
): void {
  if (deliveries.length === 0) return;
  const guids = deliveries.slice(0, GUIDS).map(({ guid }) => guid);
  log.info({ jobId, repositoryId, deliveries: deliveries.length, guids }, 'applying deliveries');
}
