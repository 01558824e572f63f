import { sqlOf } from '../db/orm.ts';
import { findRepository } from '../db/queries/repository-state.ts';
import { finishDeliveries, pendingDeliveries, type PendingDelivery } from '../db/writes/deliveries.ts';
import { writeInstallations } from '../db/writes/write-installations.ts';
import { writeRepositories } from '../db/writes/write-repositories.ts';
import { errorTable, SyncError } from '../errors.ts';
import { getInstallation, installationOf } from '../github/app-api.ts';
import { createRepositoryApi } from '../github/repository-api.ts';
import type { SyncDependencies } from './sync-request.ts';

/**
 * Makes the row of a repository that is only known from its deliveries, when GitHub confirms that the App has
 * access to it. News of one that is gone, or never was ours, end here without effect.
 *
 * @returns whether there is a row to work on
 */
export async function introduceRepository(deps: SyncDependencies, repositoryId: number): Promise<boolean> {
  const db = sqlOf(deps.orm);
  if ((await findRepository(db, repositoryId)) !== null) return true;
  const deliveries = await pendingDeliveries(db, repositoryId);
  const installationId =
    deliveries.findLast((delivery) => delivery.installation_id !== null)?.installation_id ?? null;
  if (installationId === null) return false;
  const finish = (error: string | null = null) =>
    finishDeliveries(
      db,
      deliveries.map(({ guid }) => guid),
      'processed',
      error,
    );
  try {
    if (await introduce(deps, repositoryId, installationId, fullNameIn(deliveries))) return true;
    await finish();
  } catch (error) {
    // Blocked, or the App was just suspended or uninstalled: lists show the repository when it can be had.
    if (!(error instanceof SyncError) || errorTable[error.code].retryable) throw error;
    await finish(error.message);
  }
  return false;
}

async function introduce(
  deps: SyncDependencies,
  repositoryId: number,
  installationId: number,
  fullName: string,
): Promise<boolean> {
  const installation = await getInstallation(deps.github, installationId);
  if (installation !== null && installation.suspended_at === null) {
    const api = createRepositoryApi(deps.github.installation(installationId), repositoryId, fullName);
    const found = await api.repository();
    if (
      found.state === 'found' &&
      (await installationOf(deps.github, found.row.full_name)) === installationId
    ) {
      await deps.orm.em.fork().transactional(async (em) => {
        await writeInstallations(em.getKysely(), [installation]);
        await writeRepositories(em.getKysely(), installationId, [found.row]);
      });
      return true;
    }
  }
  return false;
}

/** The name that the newest delivery shows. */
function fullNameIn(deliveries: readonly PendingDelivery[]): string {
  const repository = deliveries.at(-1)?.payload['repository'];
  const named = typeof repository === 'object' && repository !== null && 'full_name' in repository;
  return named && typeof repository.full_name === 'string' ? repository.full_name : '';
}
