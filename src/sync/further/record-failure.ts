import type { Entity } from '../../entities/entity.ts';
import type { SyncError } from '../../errors.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { saveUnreadOf, withFailure } from '../context/unread-elements.ts';

/**
 * Records that the list of a kind fails as a whole: it is requested again at growing intervals (`isListDue`), whatever
 * GitHub shows as changed.
 *
 * @param since from when on it was to be read; null: all of it
 * @returns the error
 */
export async function recordFailure(
  context: RepositoryFacts & RepositoryWriter,
  { name }: Entity,
  error: SyncError,
  since: string | null,
): Promise<SyncError> {
  const { repository } = context;
  const unread = withFailure(repository.unread[name] ?? [], error, since);
  await context.save((tx) => saveUnreadOf(tx, repository, name, unread));
  return error;
}
