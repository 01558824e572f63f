import { storedBranches } from '../db/queries/stored-rows.ts';
import { sqlOf } from '../db/orm.ts';
import type { RefChange } from '../github/payloads.ts';
import { askBranches } from './compare-branches.ts';
import { compareCommits } from './compare-commits.ts';
import { confirmDefaultHead } from './confirm-default-head.ts';
import type { RepositoryWork } from './repository-work.ts';

/**
 * Brings the branches that deliveries speak of to GitHub's, and the commits when the default branch is among
 * them. A payload alone never moves the head: pushes arrive in any order, and theirs lack parents and accounts.
 */
export async function askRefs(work: RepositoryWork, refs: readonly RefChange[]): Promise<void> {
  const announced = new Map<string, { heads: Set<string | null>; left: Set<string | null> }>();
  const names = [...new Set(refs.flatMap(({ branch }) => branch ?? []))];
  const stored = await storedBranches(sqlOf(work.orm), work.repository.id, names);
  for (const { branch, before, after } of refs) {
    if (branch === null) continue;
    const entry = announced.get(branch) ?? { heads: new Set(), left: new Set() };
    announced.set(branch, entry);
    if (after !== undefined) entry.heads.add(after);
    // `create` does not say which commit, but that there was none; `delete` not which one it was.
    entry.left.add(after === null && before === null ? (stored.get(branch) ?? before) : before);
  }
  if (announced.size === 0) return;
  await work.settle((last) => askBranches(work, announced, last));
  await followDefaultBranch(work, announced.has(work.repository.default_branch));
}

/** Moves the commits to where the default branch's row points. */
export async function followDefaultBranch(work: RepositoryWork, moved: boolean): Promise<void> {
  if (!moved) return;
  const { id, default_branch } = work.repository;
  const heads = await storedBranches(sqlOf(work.orm), id, [default_branch]);
  const head = heads.get(default_branch);
  if (head === undefined) return;
  await compareCommits(work, head ?? (await confirmDefaultHead(work)));
}
