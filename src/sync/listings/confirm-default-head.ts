import { SyncError } from '../../errors.ts';
import { branches } from '../../entities/branches.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { prepareWrite } from '../context/store-rows.ts';

/**
 * The head of the default branch, if the list of branches does not show it. For a repository that had commits,
 * an absent head would orphan every commit. So it is accepted only if REST by the branch's name and GraphQL's
 * `defaultBranchRef` now say so too: any single source may be empty once.
 *
 * @returns null for a repository without commits
 * @throws SyncError NOT_YET_VISIBLE if the sources contradict each other and none shows the head
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
  // The row may still have the default branch's name from before a rename.
  if (now !== null && now.head_sha !== null) return now.head_sha;
  if (now !== null && found.state === 'not_found') return null;
  throw new SyncError('NOT_YET_VISIBLE', `branch ${name} is neither shown nor known to be deleted`, {
    retryAfterMs: 2000,
  });
}
