import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { writeInstallations } from '../../db/installations/write-installations.ts';
import { refusedIn } from '../../db/rows/upsert-rows.ts';
import { SyncError } from '../../errors.ts';
import { getInstallation } from '../../github/app-api.ts';
import { guidsOf } from '../guids-of.ts';
import { followDefaultBranch } from '../listings/refetch-refs.ts';
import { keepRefused } from '../context/refused-rows.ts';
import { checkAccess, writeAccess } from './check-access.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { learn } from '../context/repository-facts.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import type { SyncDependencies, SyncOutcome } from '../context/sync-request.ts';

/** Makes the repository's own row match GitHub's answer. False when the repository is gone. */
export async function refetchRepository(
  deps: SyncDependencies,
  context: RepositoryContext,
  deliveries: readonly PendingDelivery[],
  announced: string | null,
): Promise<boolean> {
  const { repository } = context;
  const deleted = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const former = repository.default_branch;
  await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
    const access = await checkAccess(deps.orm, deps.github, repository, deleted ? 'deleted' : null);
    await context.save((tx) => writeAccess(tx, repository, access, context.mode === 'full'));
    if (!access.live) {
      learn(repository, { removed_at: new Date().toISOString() });
      return true;
    }
    learn(repository, {
      full_name: access.row.full_name,
      default_branch: access.row.default_branch,
      has_issues: access.row.has_issues,
      has_pull_requests: access.row.has_pull_requests,
      installation_id: access.installationId,
    });
    const isAsNew = announced === null || Date.parse(access.row.updated_at) >= Date.parse(announced);
    return isAsNew && !deleted;
  });
  if (repository.removed_at !== null) return false;
  await followDefaultBranch(context, former !== repository.default_branch);
  return true;
}

/** Something happened to a repository that is marked as gone: a late delivery, or it is back. */
export async function returnIfBack(
  deps: SyncDependencies,
  lease: RepositoryLease,
  repository: StoredRepository,
  deliveries: readonly PendingDelivery[],
): Promise<SyncOutcome> {
  const isDeleted = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const installationId = deliveries.findLast(
    (delivery) => delivery.installation_id !== null,
  )?.installation_id;
  const asked = { ...repository, installation_id: installationId ?? repository.installation_id };
  const access = await checkAccess(deps.orm, deps.github, asked, isDeleted ? 'deleted' : null);
  // It may be back under an installation that was not announced yet.
  const installation = access.live ? await getInstallation(deps.github, access.installationId) : null;
  await lease.write(async (tx) => {
    if (installation !== null) await writeInstallations(tx, [installation]);
    await writeAccess(tx, repository, access);
    await keepRefused(tx, repository, refusedIn(tx), new Set());
    if (!access.live) await finishDeliveries(tx, guidsOf(deliveries), 'processed');
  });
  // Back: its deliveries are applied, and all of it is compared, in the next round.
  return access.live ? { state: 'unfinished' } : { state: 'removed', error: null };
}

/** A list of the repository answered 404: gone, or an answer that came too early or wrongly. */
export async function handleNotFound(
  deps: SyncDependencies,
  lease: RepositoryLease,
  repository: StoredRepository,
  error: SyncError,
): Promise<SyncOutcome> {
  const access = await checkAccess(deps.orm, deps.github, repository, null);
  if (access.live) throw new SyncError('NOT_YET_VISIBLE', error.message, { cause: error });
  await lease.write((tx) => writeAccess(tx, repository, access));
  return { state: 'removed', error: null };
}
