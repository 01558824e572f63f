import { SyncError } from '../../errors.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';

/**
 * Call it before a 404 counts as an absence: once a repository is inaccessible, everything under it answers 404.
 *
 * @throws SyncError NOT_FOUND if the repository itself is not shown
 */
export async function assertInReach({
  api,
  repository,
}: Pick<RepositoryFacts, 'api' | 'repository'>): Promise<void> {
  const { state } = await api.repository();
  if (state !== 'found') throw new SyncError('NOT_FOUND', `${repository.full_name} is ${state}`);
}
