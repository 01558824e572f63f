import type {
  LeasedRepositories,
  SmallRepository,
} from '../../db/repository-sync/lease-small-repositories.ts';
import { SyncError } from '../../errors.ts';
import { setPurpose } from '../../github/session/usage.ts';
import { countInJob } from '../count-in-job.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { readSmallRepository, type SmallContents } from './read-small-repository.ts';
import { yieldToDeliveries } from './yield-to-deliveries.ts';
import { NotPlain, writeSmallRepositories } from './write-small-repositories.ts';

interface Import {
  installationId: number;
  jobId: string;
  signal: AbortSignal;
}

/**
 * Imports small repositories together: their pages are requested concurrently and their rows written in one
 * transaction. A repository that is not plain, or for which a delivery arrives meanwhile, is left in the queue,
 * for its own comparison (`syncRepository`), which costs a few extra requests.
 *
 * @returns those that are done; no lease of them is held any more
 */
export async function importSmallRepositories(
  deps: SyncDependencies,
  { repositories, lease }: LeasedRepositories,
  { installationId, jobId, signal }: Import,
): Promise<number[]> {
  const session = deps.github.installation(installationId);
  const ids = repositories.map(({ id }) => id);

  /** The repository's own comparison meets the same failure and reports it. */
  async function read(repository: SmallRepository): Promise<SmallContents | null> {
    try {
      return await readSmallRepository(session, repository);
    } catch (error) {
      if (error instanceof SyncError) return null;
      throw error;
    }
  }

  session.expect(repositories[0]?.permissions ?? {});
  try {
    return await countInJob(deps.orm, jobId, signal, async (usage) => {
      setPurpose('imports');
      const contents = await yieldToDeliveries(deps.orm, lease, ids, () =>
        Promise.all(repositories.map(read)),
      );
      signal.throwIfAborted();
      const plain = contents.filter((one) => one !== null);
      const { noreplyHost } = session.server;
      return writeSmallRepositories(deps, plain, { lease, jobId, usage, noreplyHost });
    });
  } catch (error) {
    if (!(error instanceof NotPlain) && !signal.aborted) {
      deps.log.warn({ installationId, err: error }, 'small repositories are compared one by one');
    }
    return [];
  } finally {
    await lease.release();
  }
}
