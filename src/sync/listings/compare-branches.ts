import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { branches as branchEntity } from '../../entities/branches.ts';
import type { SyncError } from '../../errors.ts';
import type { Probe } from '../../model.ts';
import { confirmDefaultHead } from './confirm-default-head.ts';
import { refetchRebased, recordRebased } from './refetch-rebased.ts';
import { readBranchRefs } from './read-branch-refs.ts';
import { readBranches } from './read-branches.ts';
import { lackingError } from '../context/unread-elements.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { resolveMissingBranches } from './resolve-missing-branches.ts';
import { prepareWrite } from '../context/store-rows.ts';

/** What a list of branches leaves to do: the head to follow, and why some branches could not be requested. */
interface ComparedBranches {
  /** null for a repository without commits */
  head: string | null;
  error: SyncError | null;
}

/** Makes the branches match GitHub's list, and its answer about each branch that the list lacks. */
export async function compareBranches(
  context: RepositoryContext,
  probe: Probe | null,
): Promise<ComparedBranches> {
  const { repository } = context;
  let read = (await readBranchRefs(context)) ?? (await readBranches(context));
  let resolved = await resolveMissingBranches(context, read.missing);
  // Branches that GitHub has but does not list: there may be other, unknown ones.
  if (read.error === null && resolved.heads.size > 0) {
    read = await readBranches(context);
    resolved = await resolveMissingBranches(context, read.missing);
  }
  const error = resolved.error ?? read.error ?? lackingError(branchEntity.label, resolved.heads.size);
  const head = read.head ?? resolved.heads.get(repository.default_branch);
  if (head !== undefined) return { head, error };
  // There is nothing to lose, and two answers agree; or GraphQL shows none, and it is compared again at the
  // next sweep.
  const isHeadless = probe?.head_sha === null || context.graphqlGivenUp() !== null;
  const empty = repository.head_sha === null && isHeadless && read.isEmpty;
  if (empty) return { head: null, error };
  const confirmed = await confirmDefaultHead(context);
  if (confirmed === null || error !== null) return { head: confirmed, error };
  // GitHub has the default branch, and its list does not: it may lack others as well.
  read = await readBranches(context);
  resolved = await resolveMissingBranches(context, read.missing);
  const left = resolved.error ?? read.error ?? lackingError(branchEntity.label, resolved.heads.size);
  return { head: read.head ?? confirmed, error: left };
}

/**
 * Makes the named branches match GitHub. `announced` has what the latest deliveries say about each (null:
 * deleted) and the heads before them: an answer that still shows one of these is older than the delivery and counts
 * as not shown yet. With `last` it is written all the same: then the delivery was late.
 *
 * @returns false if GitHub does not yet show what it announced
 */
export async function refetchBranches(
  context: RepositoryContext,
  announced: ReadonlyMap<string, { heads: ReadonlySet<string | null>; left: ReadonlySet<string | null> }>,
  last: boolean,
): Promise<boolean> {
  let shown = true;
  for (const [name, { heads, left }] of announced) {
    const found = await context.api.find(branchEntity, { name });
    const head = found.state === 'found' ? found.row.head_sha : null;
    if (!last && !heads.has(head) && left.has(head)) {
      shown = false;
      continue;
    }
    if (found.state === 'found') {
      const write = await prepareWrite(context, branchEntity, [found.row], found.date);
      await context.save(async (tx) => {
        await write(tx);
      });
    } else if (heads.has(null)) {
      await context.save(async (tx) => {
        await markRowsDeleted(tx, branchEntity, context.repository.id, [name]);
        await recordRebased(context, tx, [name]);
      });
      await refetchRebased(context);
    } else {
      // No delivery says that it was deleted: the list and the other sources are checked.
      const error = await refetchAllBranches(context);
      if (error !== null) throw error;
    }
  }
  return shown;
}

/** @returns why some of the list, or of the branches it lacks, could not be read; everything else is right */
export async function refetchAllBranches(context: RepositoryContext): Promise<SyncError | null> {
  const { error } = await compareBranches(context, null);
  await refetchRebased(context);
  return error;
}
