import { markRowsDeleted } from '../db/entity-rows.ts';
import { branches as branchEntity } from '../entities/branches.ts';
import type { SyncError } from '../errors.ts';
import type { Probe } from '../model.ts';
import { confirmDefaultHead } from './confirm-default-head.ts';
import { askRebased, noteRebased } from './rebased-pull-requests.ts';
import { readBranches } from './read-branches.ts';
import type { RepositoryWork } from './repository-work.ts';
import { settleMissingBranches } from './settle-branches.ts';
import { prepareWrite } from './store-rows.ts';

/** What a list of branches left to do: the head to follow, and why some could not be asked for. */
interface ComparedBranches {
  /** null for a repository without commits */
  head: string | null;
  error: SyncError | null;
}

/** Makes the branches equal to GitHub's list and to its word on each that the list lacks. */
export async function compareBranches(work: RepositoryWork, probe: Probe | null): Promise<ComparedBranches> {
  const { repository } = work;
  const read = await readBranches(work);
  const settled = await settleMissingBranches(work, read.missing);
  const error = settled.error ?? read.error;
  const head = read.head ?? settled.heads.get(repository.default_branch);
  if (head !== undefined) return { head, error };
  // There is nothing to lose, and two answers agree.
  const empty = repository.head_sha === null && probe?.head_sha === null && read.isEmpty;
  return { head: empty ? null : await confirmDefaultHead(work), error };
}

/** More than so many branches are looked up in the list of all, a hundred in one request. */
export const ASK_ONE_BY_ONE = 3;

/**
 * Makes the named branches equal to GitHub's. `announced` has what the newest deliveries told of each (null:
 * deleted); `known` the heads that these deliveries left behind: an answer that still shows one of them is
 * older than the delivery and counts as not shown yet. With `last` it is written all the same: it was the delivery
 * that came late.
 *
 * @returns false when GitHub does not show yet what it announced
 */
export async function askBranches(
  work: RepositoryWork,
  announced: ReadonlyMap<string, { heads: ReadonlySet<string | null>; left: ReadonlySet<string | null> }>,
  last: boolean,
): Promise<boolean> {
  if (announced.size > ASK_ONE_BY_ONE) {
    await compareNamedBranches(work);
    return true;
  }
  let shown = true;
  for (const [name, { heads, left }] of announced) {
    const found = await work.api.find(branchEntity, { name });
    const head = found.state === 'found' ? found.row.head_sha : null;
    if (!last && !heads.has(head) && left.has(head)) {
      shown = false;
      continue;
    }
    if (found.state === 'found') {
      const write = await prepareWrite(work, branchEntity, [found.row], found.date);
      await work.save((tx) => write(tx).then(() => ({})));
    } else if (heads.has(null)) {
      await work.save(async (tx) => {
        await markRowsDeleted(tx, branchEntity, work.repository.id, [name]);
        await noteRebased(work, tx, [name]);
        return {};
      });
      await askRebased(work);
    } else {
      // Nobody said that it was deleted: the list and the other witnesses are asked.
      await compareNamedBranches(work);
    }
  }
  return shown;
}

async function compareNamedBranches(work: RepositoryWork): Promise<void> {
  const { error } = await compareBranches(work, null);
  await askRebased(work);
  if (error !== null) throw error;
}
