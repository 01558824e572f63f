import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { writeInstallations } from '../../db/installations/write-installations.ts';
import { SyncError } from '../../errors.ts';
import { fetchInstallation } from '../fetch-installation.ts';
import type { ApplyOptions } from './apply-deliveries.ts';
import { concernsOneRequest } from './answer-questions.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';
import { writeReturningRefused } from '../refusals.ts';
import { deniedKinds, readable } from '../context/readable.ts';
import { handleNotFound } from '../access/handle-not-found.ts';
import { refetchRepository } from '../access/refetch-repository.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { SyncDependencies, SyncRequest } from '../context/sync-request.ts';

/** What applying deliveries needs from GitHub besides the repository's own lists. */
export function applyOptions(
  deps: SyncDependencies,
  request: SyncRequest,
  lease: RepositoryLease,
  context: RepositoryContext,
  deliveries: readonly PendingDelivery[],
): ApplyOptions {
  const { repository } = context;

  async function blockOfAll(): Promise<SyncError | null> {
    try {
      await context.api.repository();
      return null;
    } catch (error) {
      if (error instanceof SyncError && error.code === 'REPOSITORY_BLOCKED') return error;
      if (concernsOneRequest(error, request.signal)) return null;
      throw error;
    }
  }

  async function isLive(error: SyncError): Promise<boolean> {
    try {
      return (await handleNotFound(deps, lease, repository, error)).state !== 'removed';
    } catch (failure) {
      // Without evidence it still exists.
      if (concernsOneRequest(failure, request.signal)) return true;
      throw failure;
    }
  }

  async function lacksPermission(): Promise<boolean> {
    const installation = await fetchInstallation(deps, repository.installation_id ?? 0);
    if (installation === null) return false;
    const { row, askedAt } = installation;
    context.refused.push(
      ...(await writeReturningRefused(deps.orm, (tx) => writeInstallations(tx, [row], askedAt))),
    );
    return deniedKinds(readable(row.permissions)) !== null;
  }

  return {
    delays: deps.consistencyDelaysMs,
    signal: request.signal,
    isHurried: () => context.hasNewDeliveries(),
    isOver: () => Date.now() > request.deadline,
    refetchRepository: (announced) =>
      refetchRepository(deps, context, { deliveries, announced, isListed: false }),
    blockOfAll,
    isUnavailable: () => isGitHubUnavailable(deps.github),
    isLive,
    lacksPermission,
  };
}
