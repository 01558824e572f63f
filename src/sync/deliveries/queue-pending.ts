import { sqlOf } from '../../db/orm.ts';
import { enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { repositoriesWithPending } from '../../db/deliveries/pending-work.ts';
import { introduceRepository } from './introduce-repository.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

/** How many repositories are queued at a time. */
const PAGE = 500;

/** Queues every repository with pending deliveries; one without a row is introduced first. */
export async function queuePending(deps: SyncDependencies, onProgress: () => void): Promise<void> {
  const db = sqlOf(deps.orm);
  for (let after = 0; ;) {
    const page = await repositoriesWithPending(db, after, PAGE);
    const queued = page.filter(({ known }) => known).map(({ id }) => ({ id, probe: null }));
    await enqueueRepositories(db, queued, 'incremental');
    for (const { id } of page.filter(({ known }) => !known)) {
      // Asked once: one that GitHub does not show yet is in the list that the sweep reads next.
      await introduceRepository({ ...deps, consistencyDelaysMs: [] }, id);
      onProgress();
    }
    after = page.at(-1)?.id ?? 0;
    if (page.length < PAGE) return;
  }
}
