import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { isMirroredInstallation } from '../../db/repositories/repository-access.ts';
import { sqlOf } from '../../db/orm.ts';
import { writeInstallations } from '../../db/installations/write-installations.ts';
import { refusedIn } from '../../db/rows/upsert-rows.ts';
import { fetchInstallation } from '../fetch-installation.ts';
import { guidsOf } from '../guids-of.ts';
import { keepRefused } from '../context/refused-rows.ts';
import { pollUntilConsistent, VISIBLE_WITHIN_MS } from '../poll-until-consistent.ts';
import { happenedSince } from './happened-since.ts';
import { checkAccess, writeAccess, type RepositoryAccess } from './check-access.ts';
import type { SyncDependencies, SyncOutcome } from '../context/sync-request.ts';

/**
 * Something happened to a repository that is marked as gone: a late delivery, or it is back. GitHub's API may not show
 * that yet: it is asked again as long as a delivery of a mirrored installation announces it.
 */
export async function returnIfBack(
  deps: SyncDependencies,
  lease: RepositoryLease,
  repository: StoredRepository,
  deliveries: readonly PendingDelivery[],
): Promise<SyncOutcome> {
  const access = await pollAccess(deps, repository, deliveries);
  // It may be back under an installation that was not announced yet.
  const installation = access.live ? await fetchInstallation(deps, access.installationId) : null;
  await lease.write(async (tx) => {
    if (installation !== null) await writeInstallations(tx, [installation.row], installation.askedAt);
    await writeAccess(tx, repository, access);
    await keepRefused(tx, repository, refusedIn(tx), new Set());
    if (!access.live) await finishDeliveries(tx, guidsOf(deliveries), 'processed');
  });
  // Back: its deliveries are applied, and all of it is compared, in the next round.
  return access.live ? { state: 'unfinished' } : { state: 'removed', error: null };
}

async function pollAccess(
  deps: SyncDependencies,
  repository: StoredRepository,
  deliveries: readonly PendingDelivery[],
): Promise<RepositoryAccess> {
  const isDeleted = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const named = deliveries.findLast((delivery) => delivery.installation_id !== null)?.installation_id ?? null;
  const asked = { ...repository, installation_id: named ?? repository.installation_id };
  if (!isDeleted && (await mayAppear(deps, repository, deliveries))) {
    let access: RepositoryAccess | null = null;
    // The list, which may be long, is read for the last answer alone: that the repository was gone is known.
    await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
      access = await checkAccess(deps.orm, deps.github, asked, 'access_lost');
      return access.live;
    });
    const shown = access as RepositoryAccess | null;
    if (shown?.live === true) return shown;
  }
  return checkAccess(deps.orm, deps.github, asked, isDeleted ? 'deleted' : null);
}

/**
 * Whether GitHub may not yet show a repository that is back: a delivery tells what happened there after its removal. Late
 * ones, which are common and tell of what was before, are not waited for.
 */
async function mayAppear(
  { orm }: SyncDependencies,
  { removed_at: removedAt }: Pick<StoredRepository, 'removed_at'>,
  deliveries: readonly PendingDelivery[],
): Promise<boolean> {
  const since = deliveries.find(
    (delivery) =>
      removedAt !== null && delivery.waited_ms < VISIBLE_WITHIN_MS && happenedSince(delivery, removedAt),
  );
  const installationId = since?.installation_id ?? null;
  return installationId !== null && (await isMirroredInstallation(sqlOf(orm), installationId));
}
