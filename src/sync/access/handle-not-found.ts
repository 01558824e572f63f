import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { SyncError } from '../../errors.ts';
import { checkAccess, writeAccess } from './check-access.ts';
import type { SyncDependencies, SyncOutcome } from '../context/sync-request.ts';

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
