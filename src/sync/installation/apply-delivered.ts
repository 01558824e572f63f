import type { JobError } from '../../db/jobs/write-jobs.ts';
import { sqlOf } from '../../db/orm.ts';
import { findRepository } from '../../db/repository-sync/repository-state.ts';
import { SyncError } from '../../errors.ts';
import { faultOf } from '../fault.ts';
import { syncRepository } from '../repository/sync-repository.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

interface ApplyingDelivered {
  jobId: string;
  owner: string;
  /** `Date.now()` after which it is interrupted */
  deadline: number;
  signal: AbortSignal;
}

/**
 * How a repository's deliveries ended. `unfinished`: the next caller continues. `busy`: another process is at
 * it. `left`: the rest is left to its own workflow, woken for this reason.
 */
export type DeliveredOutcome =
  | { state: 'applied' | 'unfinished' | 'busy' }
  | { state: 'left'; trigger: 'webhook' | 'schedule'; error: JobError | null };

/**
 * Applies the deliveries of one repository, separately.
 *
 * @throws if nothing can be written
 */
export async function applyDelivered(
  deps: SyncDependencies,
  { jobId, owner, deadline, signal }: ApplyingDelivered,
  repositoryId: number,
): Promise<DeliveredOutcome> {
  try {
    const outcome = await syncRepository(deps, {
      repositoryId,
      jobId,
      owner: `${owner}/${repositoryId}`,
      scope: 'deliveries',
      mode: 'incremental',
      shouldProbe: false,
      deadline,
      signal,
    });
    if (outcome.state === 'unfinished') {
      // Its deliveries are continued by the next caller, but not a comparison, if one was begun.
      const repository = await findRepository(sqlOf(deps.orm), repositoryId);
      if (repository?.queued_at == null) return { state: 'unfinished' };
      return { state: 'left', trigger: 'schedule', error: null };
    }
    const { error } = outcome;
    if (error === null) return { state: 'applied' };
    return { state: 'left', trigger: 'webhook', error: errorOf(error) };
  } catch (error) {
    if (signal.aborted) return { state: 'unfinished' };
    const fault = faultOf(error);
    if (fault === 'database') throw error;
    if (fault === 'nobody') return { state: 'busy' };
    return { state: 'left', trigger: 'webhook', error: error instanceof SyncError ? errorOf(error) : null };
  }
}

function errorOf({ code, message }: SyncError): JobError {
  return { code, message };
}
