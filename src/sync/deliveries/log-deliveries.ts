import type { Logger } from '../../logger.ts';

/** How many deliveries a line names: enough to follow one, without lines of megabytes in a storm. */
const GUIDS = 20;

/** Logs which job applies deliveries: an import, for example, also applies pending ones. */
export function logDeliveries(
  log: Logger,
  { jobId, repositoryId }: { jobId: string; repositoryId: number },
  guids: readonly string[],
): void {
  if (guids.length === 0) return;
  const named = guids.slice(0, GUIDS);
  log.info({ jobId, repositoryId, deliveries: guids.length, guids: named }, 'applying deliveries');
}
