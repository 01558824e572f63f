import type {
  LeasedRepositories,
  SmallRepository,
} from '../../db/repository-sync/lease-small-repositories.ts';
import { queueBehind } from '../../db/repository-sync/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import { prioritize, setPurpose } from '../../github/session/usage.ts';
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

/** What became of small repositories; of those in neither list their own comparison is due at once. */
export interface SmallImports {
  done: number[];
  /** not plain, and so queued behind all that were not begun: most of them are long */
  behind: number[];
}

/**
 * Imports small repositories together: their pages are requested concurrently and their rows written in one
 * transaction. A repository that is not plain, or for which a delivery arrives meanwhile, is left in the queue,
 * for its own comparison (`syncRepository`), which costs a few extra requests.
 *
 * @returns no lease of any of them is held any more
 */
export async function importSmallRepositories(
  deps: SyncDependencies,
  { repositories, lease }: LeasedRepositories,
  { installationId, jobId, signal }: Import,
): Promise<SmallImports> {
  const session = deps.github.installation(installationId);
  const ids = repositories.map(({ id }) => id);
  const odd: number[] = [];
  let behind: number[] = [];

  /** The repository's own comparison meets the same failure and reports it. */
  async function read(repository: SmallRepository): Promise<SmallContents | null> {
    try {
      // Long histories, which go before other requests, may be read meanwhile.
      const contents = await prioritize(() => readSmallRepository(session, repository));
      if (contents === null) odd.push(repository.id);
      return contents;
    } catch (error) {
      if (error instanceof SyncError) return null;
      throw error;
    }
  }

  async function leaveOdd(): Promise<number[]> {
    if (odd.length === 0) return [];
    return lease.write(odd, async (tx, held) => {
      await queueBehind(tx, [...held]);
      return [...held];
    });
  }

  session.expect(repositories[0]?.permissions ?? {});
  try {
    const done = await countInJob(deps.orm, jobId, signal, async (usage) => {
      setPurpose('imports');
      const contents = await yieldToDeliveries(deps.orm, lease, ids, () =>
        Promise.all(repositories.map(read)),
      );
      signal.throwIfAborted();
      behind = await leaveOdd();
      const plain = contents.filter((one) => one !== null);
      const { noreplyHost } = session.server;
      return writeSmallRepositories(deps, plain, { lease, jobId, usage, noreplyHost });
    });
    return { done, behind };
  } catch (error) {
    if (!(error instanceof NotPlain) && !signal.aborted) {
      deps.log.warn({ installationId, err: error }, 'small repositories are compared one by one');
    }
    return { done: [], behind };
  } finally {
    await lease.release();
  }
}
