import { keepOnlyBranches, markBranchesDeleted, writeBranches } from '../db/writes/write-branches.ts';
import { askBasedOn } from './ask-numbers.ts';
import type { BranchRow } from '../model.ts';
import type { RepositoryWork } from './repository-work.ts';

/** Makes the branches equal to GitHub's complete list and returns the head of the default branch. */
export async function compareBranches(work: RepositoryWork): Promise<string | null> {
  const branches = new Map<string, BranchRow>();
  for await (const page of work.api.branches()) for (const row of page.rows) branches.set(row.name, row);
  let gone: string[] = [];
  await work.save(async (tx) => {
    const written = await writeBranches(tx, work.repository.id, [...branches.values()]);
    gone = await keepOnlyBranches(tx, work.repository.id, [...branches.keys()]);
    return { branches: written + gone.length };
  });
  await askBasedOn(work, gone);
  return branches.get(work.repository.default_branch)?.head_sha ?? null;
}

/** More than so many branches are looked up in the list of all, a hundred in one request. */
const ASK_ONE_BY_ONE = 3;

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
    await compareBranches(work);
    return true;
  }
  let shown = true;
  for (const [name, { heads, left }] of announced) {
    const found = await work.api.branch(name);
    const head = found.state === 'found' ? found.row.head_sha : null;
    if (!last && !heads.has(head) && left.has(head)) {
      shown = false;
      continue;
    }
    if (found.state === 'found') {
      await work.save(async (tx) => {
        await writeBranches(tx, work.repository.id, [found.row]);
        return {};
      });
    } else if (heads.has(null)) {
      await work.save(async (tx) => {
        await markBranchesDeleted(tx, work.repository.id, [name]);
        return {};
      });
      await askBasedOn(work, [name]);
    } else {
      // Nobody said that it was deleted: only the complete list is believed.
      await compareBranches(work);
    }
  }
  return shown;
}
