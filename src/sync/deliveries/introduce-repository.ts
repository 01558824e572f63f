import { sqlOf } from '../../db/orm.ts';
import { findRepository } from '../../db/repository-sync/repository-state.ts';
import {
  finishDeliveries,
  pendingDeliveries,
  type PendingDelivery,
} from '../../db/deliveries/pending-deliveries.ts';
import { holdDeliveries } from '../../db/deliveries/hold-deliveries.ts';
import { isMirroredInstallation } from '../../db/repositories/repository-access.ts';
import { writeInstallations } from '../../db/installations/write-installations.ts';
import { writeRepositories } from '../../db/repository-sync/write-repositories.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import { installationOf } from '../../github/app-api.ts';
import { createRepositoryApi } from '../../github/repository-api.ts';
import { isStatedBlock } from '../../github/session/translate-error.ts';
import { fetchInstallation } from '../fetch-installation.ts';
import { guidsOf } from '../guids-of.ts';
import { asSyncError, concernsOneRequest } from './answer-questions.ts';
import { pollUntilConsistent, VISIBLE_WITHIN_MS } from '../poll-until-consistent.ts';
import { refusalOf, writeReturningRefused } from '../refusals.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

const lossCodes = new Set<ErrorCode>(['INSTALLATION_SUSPENDED', 'INSTALLATION_REMOVED', 'NOT_FOUND']);

/**
 * Creates the row of a repository that is known only from its deliveries, once GitHub confirms that the App has
 * access to it. Deliveries about a repository that is removed, or was never accessible, end here as `ignored`,
 * with the reason; if GitHub cannot be asked, they are postponed (`holdDeliveries`).
 *
 * @returns whether there is a row to work on
 * @throws what affects the installation or GitHub as a whole: a rate limit, credentials
 */
export async function introduceRepository(
  deps: SyncDependencies,
  repositoryId: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const db = sqlOf(deps.orm);
  if ((await findRepository(db, repositoryId)) !== null) return true;
  const deliveries = await pendingDeliveries(db, repositoryId);
  if (deliveries.length === 0) return false;
  const guids = guidsOf(deliveries);
  try {
    const reason = await pollIntroduce(deps, repositoryId, deliveries);
    if (reason === null) return true;
    await finishDeliveries(db, guids, 'ignored', reason);
  } catch (error) {
    if (error instanceof SyncError && (lossCodes.has(error.code) || isStatedBlock(error))) {
      // The App was just suspended or uninstalled, or GitHub says that it blocks the repository: lists show it
      // once it is accessible.
      await finishDeliveries(db, guids, 'ignored', `${error.code}: ${error.message}`);
      return false;
    }
    if (!concernsOneRequest(error, signal)) throw error;
    const { code, message } = asSyncError(error);
    await holdDeliveries(db, guids, `${code}: ${message}`);
  }
  return false;
}

/**
 * Asks again as long as GitHub may not yet show a repository of which it just told a known installation. Only
 * `installation_repositories`, which need not come, would lead to it otherwise.
 */
async function pollIntroduce(
  deps: SyncDependencies,
  repositoryId: number,
  deliveries: readonly PendingDelivery[],
): Promise<string | null> {
  const latest = deliveries.findLast(
    ({ installation_id: id, waited_ms: ms }) => id !== null && ms < VISIBLE_WITHIN_MS,
  );
  const isGone = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const mayAppear =
    latest?.installation_id != null &&
    !isGone &&
    (await isMirroredInstallation(sqlOf(deps.orm), latest.installation_id));
  let reason: string | null = null;
  await pollUntilConsistent(mayAppear ? deps.consistencyDelaysMs : [], async () => {
    reason = await introduce(deps, repositoryId, deliveries);
    return reason === null;
  });
  return reason;
}

/** @returns null if the repository has a row now, else why the App cannot access it */
async function introduce(
  deps: SyncDependencies,
  repositoryId: number,
  deliveries: readonly PendingDelivery[],
): Promise<string | null> {
  const fullName = fullNameIn(deliveries);
  const named = deliveries.findLast(({ installation_id: id }) => id !== null)?.installation_id ?? null;
  // The delivery may name no installation, or one that no longer has it: GitHub knows which one does.
  const installationId = fullName === '' ? named : await installationOf(deps.github, fullName);
  if (installationId === null) return `no installation of this App holds repository ${repositoryId}`;
  const installation = await fetchInstallation(deps, installationId);
  if (installation === null) return `this App has no installation ${installationId}`;
  if (installation.row.suspended_at !== null) return `installation ${installationId} is suspended`;
  const api = createRepositoryApi(deps.github.installation(installationId), repositoryId, fullName);
  const found = await api.repository();
  if (found.state !== 'found') return `GitHub has no repository ${repositoryId} for this App`;
  const actual = await installationOf(deps.github, found.row.full_name);
  if (actual !== installationId) return `no installation of this App holds repository ${repositoryId}`;
  const refused = await writeReturningRefused(deps.orm, async (tx) => {
    await writeInstallations(tx, [installation.row], installation.askedAt);
    await writeRepositories(tx, installationId, [found.row], false, installation.askedAt);
  });
  const error = refusalOf(refused);
  if (error !== null) throw error;
  return null;
}

/** The name in the newest delivery. */
function fullNameIn(deliveries: readonly PendingDelivery[]): string {
  const repository = deliveries.at(-1)?.payload['repository'];
  const named = typeof repository === 'object' && repository !== null && 'full_name' in repository;
  return named && typeof repository.full_name === 'string' ? repository.full_name : '';
}
