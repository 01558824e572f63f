import { z } from 'zod';
import { branches, type BranchRow } from '../entities/branches.ts';
import { text } from '../entities/fields.ts';
import { pages } from './pages/pages.ts';
import { rowPage, type ListedKind } from './pages/row-page.ts';
import type { GitHubSession } from './session/session.ts';

const HEADS = 'refs/heads/';

const listedRefs: ListedKind<{ name: string; sha: string }> = {
  row: z
    .object({ ref: text, object: z.object({ sha: z.string() }) })
    .transform(({ ref, object }) => ({ name: ref.slice(HEADS.length), sha: object.sha })),
  label: 'refs',
  isOther: (element) => {
    const { data } = z.object({ ref: z.string() }).safeParse(element);
    return data !== undefined && !data.ref.startsWith(HEADS);
  },
};

/**
 * The heads of all branches by name, and GitHub's time. GitHub answers with all of them at once, however many
 * (github/docs#3863, google/go-github#3924, MetaMask/metamask-mobile#32048); if it does not, its links are followed.
 *
 * @returns null if there are none, or some cannot be read
 * @throws SyncError
 */
export async function branchRefs(
  session: GitHubSession,
  root: string,
): Promise<{ heads: Map<string, string>; date: string } | null> {
  const heads = new Map<string, string>();
  let date: string | null = null;
  // Of what merely begins like this the rows are left out: a slash at its end would not be sent.
  const path = `${root}/git/matching-refs/heads`;
  // 409: a repository without commits.
  for await (const page of pages(session, path, { stable: true, allow: [404, 409] }, (one) =>
    one.answer.status === 200 ? rowPage(one, listedRefs) : null,
  )) {
    if (page === null || page.unreadable.length > 0) return null;
    ({ date } = page);
    for (const { name, sha } of page.rows) heads.set(name, sha);
  }
  return date === null || heads.size === 0 ? null : { heads, date };
}

/**
 * The branches that are protected, by a rule of their own or a ruleset.
 *
 * @returns null if some cannot be read
 * @throws SyncError
 */
export async function protectedBranches(session: GitHubSession, root: string): Promise<BranchRow[] | null> {
  const rows: BranchRow[] = [];
  const path = `${root}/branches?protected=true&per_page=100`;
  for await (const page of pages(session, path, { stable: true }, (one) => rowPage(one, branches))) {
    if (page.unreadable.length > 0) return null;
    rows.push(...page.rows.filter((row) => row.protected));
  }
  return rows;
}
