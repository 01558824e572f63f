import { sqlOf } from '../db/orm.ts';
import type { PendingDelivery } from '../db/writes/deliveries.ts';
import type { RepositoryLease } from '../db/writes/repository-lease.ts';
import { writeInstallations } from '../db/writes/write-installations.ts';
import { SyncError } from '../errors.ts';
import { getInstallation } from '../github/app-api.ts';
import type { ApplyContext } from './apply-deliveries.ts';
import { isOfQuestion } from './ask-questions.ts';
import { isGitHubAway } from './is-git-hub-away.ts';
import { deniedKinds, readable } from './readable.ts';
import { askRepository, settleAbsence } from './repository-presence.ts';
import type { RepositoryWork } from './repository-work.ts';
import type { SyncDependencies, SyncRequest } from './sync-request.ts';

/** What applying deliveries needs of GitHub beside the repository's own lists. */
export function applyContext(
  deps: SyncDependencies,
  request: SyncRequest,
  lease: RepositoryLease,
  work: RepositoryWork,
  deliveries: readonly PendingDelivery[],
): ApplyContext {
  const { repository } = work;

  async function blockOfAll(): Promise<SyncError | null> {
    try {
      await work.api.repository();
      return null;
    } catch (error) {
      if (error instanceof SyncError && error.code === 'REPOSITORY_BLOCKED') return error;
      if (isOfQuestion(error, request.signal)) return null;
      throw error;
    }
  }

  async function isLive(error: SyncError): Promise<boolean> {
    try {
      return (await settleAbsence(deps, lease, repository, error)).state !== 'removed';
    } catch (unsettled) {
      // Without evidence it is there.
      if (isOfQuestion(unsettled, request.signal)) return true;
      throw unsettled;
    }
  }

  async function lacksPermission(): Promise<boolean> {
    const installation = await getInstallation(deps.github, repository.installation_id ?? 0);
    if (installation === null) return false;
    await writeInstallations(sqlOf(deps.orm), [installation]);
    return deniedKinds(readable(installation.permissions)) !== null;
  }

  return {
    delays: deps.settleDelaysMs,
    signal: request.signal,
    isHurried: () => work.hasNews(),
    isOver: () => Date.now() > request.deadline,
    askRepository: (announced) => askRepository(deps, work, deliveries, announced),
    blockOfAll,
    isAway: () => isGitHubAway(deps.github),
    isLive,
    lacksPermission,
  };
}
