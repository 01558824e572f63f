import type { Logger } from '../../logger.ts';

/** How many deliveries a line names: enough to follow one, without lines of megabytes in a storm. */
const GUIDS = 20;

/** Logs which job applies deliveries: an import, for example, also applies pending ones. */
export function logDeliveries(
  log: Logger,
  { jobId, repositoryId }: { jobId: string; repositoryId: number },
  deliveries: readonly { guid: string }[],
): void {
  if (deliveries.length === 0) return;
  const guids = deliveries.slice(0, GUIDS).map(({ guid }) => guid);
  log.info({ jobId, repositoryId, deliveries: deliveries.length, guids }, 'applying deliveries');
}
