import type { CompareMode } from '../../db/repository-sync/compare-mode.ts';
import type { Purpose } from '../../github/session/purposes.ts';

/**
 * The purpose of requests to GitHub for a queued repository: it is imported, verified, or was found changed.
 *
 * @param isNew it was never compared in full
 */
export function queuedPurpose(mode: CompareMode, isNew: boolean): Purpose {
  if (isNew) return 'imports';
  return mode === 'full' ? 'verification' : 'sweeps';
}
