import { sqlOf, type Orm, type Sql } from '../../db/orm.ts';
import { isMirroredInstallation, isNameTaken } from '../../db/repositories/repository-access.ts';
import { recordDeletion } from '../../db/repositories/mark-removed.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { markRepositoriesRemoved, writeRepositories } from '../../db/repository-sync/write-repositories.ts';
import { type RemovedReason } from '../../db/repositories/mark-removed.ts';
import { isInstallationGone, SyncError } from '../../errors.ts';
import { installationOf, listRepositories } from '../../github/app-api.ts';
import type { GitHub } from '../../github/client.ts';
import type { Found } from '../../github/entity-api.ts';
import { createRepositoryApi } from '../../github/repository-api.ts';
import type { RepositoryRow } from '../../model.ts';
import { faultOf } from '../fault.ts';

export type RepositoryAccess =
  { live: true; row: RepositoryRow; installationId: number } | { live: false; reason: RemovedReason };

/** GitHub says that another installation has the repository, but that installation cannot be asked now. */
export interface HeldElsewhere {
  live: null;
  /** NOT_YET_VISIBLE, and when that installation may be asked again */
  error: SyncError;
}

/**
 * Like `fetchAccess`, for a comparison that nothing in particular caused. A repository that its installation is shown is
 * accessible if it is private, since nobody else's token sees it, or if it still has the name under which the
 * installation's list has just shown it. The App itself, which may send 5,000 requests an hour however many repositories
 * there are to verify, is not asked about it.
 *
 * @param isListed whether the list of its installation was read before, by the same sweep or import
 * @throws SyncError NOT_YET_VISIBLE also if the installation that has it cannot be asked
 */
export async function confirmAccess(
  orm: Orm,
  github: GitHub,
  repository: Known,
  isListed: boolean,
): Promise<RepositoryAccess> {
  const { installation_id: installationId } = repository;
  const found = await lookUp(github, repository, installationId);
  if (found.state === 'found' && installationId !== null) {
    const { row } = found;
    const isShownToIt = row.visibility === 'private' || (isListed && row.full_name === repository.full_name);
    if (isShownToIt) return { live: true, row, installationId };
  }
  return decided(await fetchAccess(orm, github, repository, { shown: found }));
}

/**
 * Like `fetchAccess`, for callers that cannot work with "unknown".
 *
 * @throws SyncError NOT_YET_VISIBLE also if the installation that has it cannot be asked
 */
export async function checkAccess(
  orm: Orm,
  github: GitHub,
  repository: Known,
  reportedReason: RemovedReason | null,
): Promise<RepositoryAccess> {
  return decided(await fetchAccess(orm, github, repository, { reportedReason }));
}

function decided(access: RepositoryAccess | HeldElsewhere): RepositoryAccess {
  if (access.live === null) throw access.error;
  return access;
}

/** What is known of a repository before GitHub is asked about it. */
interface KnownAccess {
  /** why it was removed, according to a delivery */
  reportedReason?: RemovedReason | null;
  /** the complete list of its installation has just been read, and lacks it */
  isUnlisted?: boolean;
  /** what its installation has just been shown of it */
  shown?: Found<RepositoryRow>;
}

/**
 * Whether the App still has a repository. Three sources must agree before it counts as removed: the repository
 * itself, `GET /repos/{owner}/{repo}/installation` as the App, and the complete list of the installation's
 * repositories, unless GitHub announced the removal (`reportedReason`). Any single 404 could be transient.
 *
 * @throws SyncError NOT_YET_VISIBLE if the sources contradict each other
 */
export async function fetchAccess(
  orm: Orm,
  github: GitHub,
  repository: Known,
  { reportedReason = null, isUnlisted = false, shown }: KnownAccess,
): Promise<RepositoryAccess | HeldElsewhere> {
  const { id, full_name: fullName, installation_id: installationId } = repository;
  const found = shown ?? (await lookUp(github, repository, installationId));
  const heldBy = await installationOf(github, found.state === 'found' ? found.row.full_name : fullName);
  if (heldBy !== null) {
    if (found.state === 'found') return { live: true, row: found.row, installationId: heldBy };
    // Under another installation, after a rename or transfer.
    const there = heldBy === installationId ? found : await lookUpElsewhere(github, repository, heldBy);
    if (there.state === 'unknown') return { live: null, error: there.error };
    if (there.state === 'found') return { live: true, row: there.row, installationId: heldBy };
    const replaced = found.state === 'replaced' || there.state === 'replaced';
    if (!replaced && heldBy === installationId && !(await isNameTaken(sqlOf(orm), repository))) {
      throw new SyncError(
        'NOT_YET_VISIBLE',
        `${fullName}: one answer says it is gone, another says it exists`,
        RETRY,
      );
    }
  }
  if (
    reportedReason === null &&
    !isUnlisted &&
    installationId !== null &&
    (await isListed(github, installationId, id))
  ) {
    throw new SyncError(
      'NOT_YET_VISIBLE',
      `${fullName}: one answer says it is gone, the list contains it`,
      RETRY,
    );
  }
  const owner = fullName.split('/')[0];
  // Public, and so still visible, but the App has no access; under another owner, GitHub moved it.
  const moved = found.state === 'found' && found.row.owner_login !== owner;
  return { live: false, reason: moved ? 'transferred' : (reportedReason ?? 'access_lost') };
}

type Known = Pick<StoredRepository, 'id' | 'full_name' | 'installation_id'>;

const RETRY = { retryAfterMs: 2000 };

async function lookUp(
  github: GitHub,
  repository: Known,
  installationId: number | null,
): Promise<Found<RepositoryRow>> {
  if (installationId === null) return { state: 'not_found' };
  return createRepositoryApi(
    github.installation(installationId),
    repository.id,
    repository.full_name,
  ).repository();
}

/**
 * What the installation that has it, according to GitHub, shows of it. If the App is suspended or uninstalled
 * there, the repository is inaccessible until that ends. Errors of that installation's credentials do not
 * affect the previous installation.
 */
async function lookUpElsewhere(
  github: GitHub,
  repository: Known,
  heldBy: number,
): Promise<Found<RepositoryRow> | { state: 'unknown'; error: SyncError }> {
  try {
    return await lookUp(github, repository, heldBy);
  } catch (error) {
    if (!(error instanceof SyncError) || faultOf(error) === 'database') throw error;
    if (isInstallationGone(error.code)) return { state: 'not_found' };
    const { code, retryAfterMs = RETRY.retryAfterMs } = error;
    const words = `${repository.full_name}: installation ${heldBy} has it and cannot be asked (${code})`;
    return {
      state: 'unknown',
      error: new SyncError('NOT_YET_VISIBLE', words, { retryAfterMs, cause: error }),
    };
  }
}

async function isListed(github: GitHub, installationId: number, repositoryId: number): Promise<boolean> {
  let listed = false;
  try {
    for await (const { rows, unreadable } of listRepositories(github, installationId)) {
      listed ||= [...rows, ...unreadable].some(({ id }) => id === repositoryId);
    }
  } catch (error) {
    // Read to its end. Its `total_count` may be wrong permanently, but two other sources agree.
    if (!(error instanceof SyncError) || error.code !== 'LIST_SHIFTED') throw error;
  }
  return listed;
}

/** Writes what `checkAccess` found; with `force` even over a row that looks newer. */
export async function writeAccess(
  tx: Sql,
  repository: Pick<StoredRepository, 'id' | 'installation_id'>,
  access: RepositoryAccess,
  force = false,
): Promise<{ repositories: number }> {
  if (access.live) {
    // An installation that is not mirrored yet lists its repositories once it is.
    const mirrored = await isMirroredInstallation(tx, access.installationId);
    return {
      repositories: mirrored ? await writeRepositories(tx, access.installationId, [access.row], force) : 0,
    };
  }
  const { installation_id: installationId, id } = repository;
  const marked = await markRepositoriesRemoved(tx, installationId, [id], access.reason);
  if (access.reason === 'deleted') await recordDeletion(tx, id);
  return { repositories: marked };
}
