import type { UnreadElement } from '../../db/repository-sync/repository-state.ts';
import type { SyncError } from '../../errors.ts';
import type { RepositoryFacts } from './repository-facts.ts';
import type { RepositoryWriter } from './repository-writer.ts';
import { saveUnreadOf, withFailure } from './unread-elements.ts';

/**
 * Records that the list of a kind fails as a whole: it is requested again at growing intervals (`isListDue`), whatever
 * GitHub shows as changed.
 *
 * @param list the name of the kind, or `refs`, and whether nothing of it was shown
 * @param since from when on it was to be read; null: all of it
 * @param known what was unread before
 * @returns the error
 */
export async function recordFailedList(
  context: RepositoryFacts & RepositoryWriter,
  { name, unlisted }: { name: string; unlisted?: true | undefined },
  error: SyncError,
  since: string | null,
  known: readonly UnreadElement[] = context.repository.unread[name] ?? [],
): Promise<SyncError> {
  const { repository } = context;
  const unread = withFailure(known, error, since, unlisted);
  await context.save((tx) => saveUnreadOf(tx, repository, name, unread));
  return error;
}
