import { SyncError } from '../../errors.ts';
import { branches } from '../../entities/branches.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { prepareWrite } from '../context/store-rows.ts';

/**
 * Where the default branch points, when the list of branches does not show it. That it points nowhere, so that
 * every commit is orphaned, is believed of a repository that had commits only when REST by the branch's name and
 * GraphQL's `defaultBranchRef`, asked now, say so too: any one of them may be empty once.
 *
 * @returns null for a repository without commits
 * @throws SyncError NOT_YET_VISIBLE when the sources contradict each other and none tells the head
 */
export async function confirmDefaultHead(
  context: RepositoryFacts & RepositoryWriter,
): Promise<string | null> {
  const { default_branch: name } = context.repository;
  const found = await context.api.find(branches, { name });
  if (found.state === 'found') {
    const write = await prepareWrite(context, branches, [found.row], found.date);
    await context.save(async (tx) => ({ branches: await write(tx) }));
    return found.row.head_sha;
  }
  const now = await context.probe();
  // The row may still have the name that the default branch had before it was renamed.
  if (now !== null && now.head_sha !== null) return now.head_sha;
  if (now !== null && found.state === 'not_found') return null;
  throw new SyncError('NOT_YET_VISIBLE', `branch ${name} is neither shown nor known to be gone`, {
    retryAfterMs: 2000,
  });
}
