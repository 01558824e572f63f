import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { recordFailure } from '../../db/jobs/write-jobs.ts';
import { inTransaction, sqlOf } from '../../db/orm.ts';
import { liveRepositories, type ListedRepository } from '../../db/repository-sync/queued-repositories.ts';
import { markRepositoriesRemoved } from '../../db/repository-sync/write-repositories.ts';
import type { SyncError } from '../../errors.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';
import { oneByOne, resolveMissing } from '../listings/resolve-missing.ts';
import {
  fetchAccess,
  writeAccess,
  type HeldElsewhere,
  type RepositoryAccess,
} from '../access/check-access.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { idsIn, readRepositoryList } from './poll-repository-list.ts';

/**
 * At most this many missing ones are requested at once; more suggest that the list was cut short, and it is
 * read again.
 */
const FEW = 10;

type Unlisted = Pick<ListedRepository, 'id' | 'full_name' | 'installation_id'>;

/** Repositories that the list lacks: those announced as removed are removed; any other is requested. */
export async function resolveMissingRepositories(
  deps: SyncDependencies,
  { installationId, jobId }: { installationId: number; jobId: string },
  listed: ReadonlySet<number>,
  deliveries: readonly PendingDelivery[],
): Promise<void> {
  const db = sqlOf(deps.orm);
  const announced = new Set(deliveries.flatMap(({ payload }) => idsIn(payload['repositories_removed'])));
  const unlisted: Unlisted[] = [];
  for await (const page of liveRepositories(db, installationId, 0)) {
    for (const { id, full_name, installation_id } of page)
      if (!listed.has(id)) unlisted.push({ id, full_name, installation_id });
  }
  const removed = unlisted.filter(({ id }) => announced.has(id)).map(({ id }) => id);
  if (removed.length > 0)
    await inTransaction(deps.orm, (tx) =>
      markRepositoriesRemoved(tx, installationId, removed, 'access_lost'),
    );
  let missing = unlisted.filter(({ id }) => !announced.has(id));
  if (missing.length > FEW) {
    const again = await readRepositoryList(deps, installationId);
    missing = missing.filter(({ id }) => !again.listed.has(id));
  }
  let elsewhere: SyncError | null = null;
  const error = await resolveMissing<Unlisted, RepositoryAccess | HeldElsewhere>(missing, {
    ask: oneByOne(
      (repository) => fetchAccess(deps.orm, deps.github, repository, { isUnlisted: true }),
      () => isGitHubUnavailable(deps.github),
    ),
    write: async (verdicts) => {
      await inTransaction(deps.orm, async (tx) => {
        for (const [repository, access] of verdicts) {
          if (access.live === null) elsewhere ??= access.error;
          else await writeAccess(tx, repository, access);
        }
      });
    },
  });
  // Those that could not be requested stay as they are: the next sweep asks again.
  for (const unasked of [error, elsewhere]) {
    if (unasked === null) continue;
    deps.log.warn(
      { installationId, err: unasked },
      'repositories missing from the list could not be requested',
    );
    await recordFailure(db, jobId, unasked);
  }
}
