import type { CommitRow } from '../model.ts';
import { commitAnswer, compareAnswer, read } from './answers.ts';
import { toCommitRow } from './map.ts';
import { pages } from './pages/pages.ts';
import { readEach } from './pages/unreadable.ts';
import type { GitHubSession } from './session/session.ts';
import type { Page } from './pages/page.ts';

/** Commits in one comparison: ten pages. A longer history is walked, which is saved piece by piece. */
const MAX_COMPARED = 1000;

export interface Comparison {
  status: string;
  /** how many commits are reachable from the base and not from the head; null if GitHub does not say */
  behind: number | null;
  /**
   * Null if there are more than should be held at once, because an interrupted comparison cannot resume, and if
   * not all could be read.
   */
  commits: CommitRow[] | null;
}

/**
 * What is reachable from `head` and not from `base`. Null if GitHub cannot compare them: no common ancestor, a
 * commit that it no longer has (404), or a difference that is too large (5xx).
 *
 * @param root of the repository, `/repositories/1`
 */
export async function compareCommits(
  session: GitHubSession,
  root: string,
  base: string,
  head: string,
): Promise<Comparison | null> {
  const commitRows: CommitRow[] = [];
  let status = '';
  let total = 0;
  let behind: number | null = null;
  const path = `${root}/compare/${base}...${head}?per_page=100`;
  for await (const answer of pages(session, path, { stable: true, allow: [404, 422] }, comparisonIn)) {
    if (answer === null) return null;
    status = answer.status;
    total = answer.total_commits;
    behind = answer.behind_by ?? null;
    if (total > MAX_COMPARED) return { status, behind, commits: null };
    for (const commit of readEach(commitAnswer, answer.commits, 'compare').items)
      commitRows.push(toCommitRow(commit));
  }
  const distinct = new Map(commitRows.map((row) => [row.sha, row]));
  return { status, behind, commits: distinct.size === total ? [...distinct.values()] : null };
}

/** Null if GitHub cannot compare. */
function comparisonIn({ answer: { status, data } }: Page) {
  return status === 200 ? read(compareAnswer, data, 'compare') : null;
}
