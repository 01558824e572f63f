import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { writeInstallations } from '../../db/installations/write-installations.ts';
import { refusedIn } from '../../db/rows/upsert-rows.ts';
import { askInstallation } from '../ask-installation.ts';
import { guidsOf } from '../guids-of.ts';
import { keepRefused } from '../context/refused-rows.ts';
import { checkAccess, writeAccess } from './check-access.ts';
import type { SyncDependencies, SyncOutcome } from '../context/sync-request.ts';

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
  const installation = access.live ? await askInstallation(deps, access.installationId) : null;
  await lease.write(async (tx) => {
    if (installation !== null) await writeInstallations(tx, [installation.row], installation.askedAt);
    await writeAccess(tx, repository, access);
    await keepRefused(tx, repository, refusedIn(tx), new Set());
    if (!access.live) await finishDeliveries(tx, guidsOf(deliveries), 'processed');
  });
  // Back: its deliveries are applied, and all of it is compared, in the next round.
  return access.live ? { state: 'unfinished' } : { state: 'removed', error: null };
}
