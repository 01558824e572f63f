import { storedBranches } from '../../db/rows/stored-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { RefChange } from '../../github/payloads/payloads.ts';
import { refetchBranches } from './compare-branches.ts';
import { compareCommits, type AskedComparison } from './compare-commits.ts';
import { confirmDefaultHead } from './confirm-default-head.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** What deliveries say about a branch: where it may point now (null: deleted), and where it pointed before. */
export interface AnnouncedBranch {
  heads: Set<string | null>;
  left: Set<string | null>;
  guids: Set<string>;
}

/** What deliveries announced, by branch. */
export async function announcedBranches(
  context: RepositoryFacts,
  refs: readonly (RefChange & { guid: string })[],
): Promise<Map<string, AnnouncedBranch>> {
  const announced = new Map<string, AnnouncedBranch>();
  const names = [...new Set(refs.flatMap(({ branch }) => branch ?? []))];
  const stored = await storedBranches(sqlOf(context.orm), context.repository.id, names);
  for (const { branch, before, after, guid } of refs) {
    if (branch === null) continue;
    const entry = announced.get(branch) ?? { heads: new Set(), left: new Set(), guids: new Set() };
    announced.set(branch, entry);
    entry.guids.add(guid);
    if (after !== undefined) entry.heads.add(after);
    // `create` says that there was no commit before, but not which one is; `delete` not which one was.
    entry.left.add(after === null && before === null ? (stored.get(branch) ?? before) : before);
  }
  return announced;
}

/**
 * Makes branches match GitHub, and the commits too if the default branch is among them. A payload alone never
 * moves the head: pushes arrive in any order, and lack parents and accounts.
 *
 * @param asked a comparison in progress, of the default branch
 * @returns false if GitHub does not yet show what it announced
 */
export async function refetchRefs(
  context: RepositoryContext,
  announced: ReadonlyMap<string, AnnouncedBranch>,
  last: boolean,
  asked: AskedComparison | null = null,
): Promise<boolean> {
  try {
    const shown = await refetchBranches(context, announced, last);
    if (shown) await followDefaultBranch(context, announced.has(context.repository.default_branch), asked);
    return shown;
  } finally {
    // Its request is counted before the round ends.
    await asked?.answer;
  }
}

/** Moves the commits to the default branch's stored head. */
export async function followDefaultBranch(
  context: RepositoryContext,
  moved: boolean,
  asked: AskedComparison | null = null,
): Promise<void> {
  if (!moved) return;
  const { id, default_branch } = context.repository;
  const heads = await storedBranches(sqlOf(context.orm), id, [default_branch]);
  const head = heads.get(default_branch);
  if (head === undefined) return;
  await compareCommits(context, head ?? (await confirmDefaultHead(context)), null, asked);
}
