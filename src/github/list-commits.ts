import type { CommitRow } from '../model.ts';
import { commitAnswer } from './answers.ts';
import { toCommitRow } from './map.ts';
import type { Page } from './pages/page.ts';
import { pages } from './pages/pages.ts';
import { rowPage, type ListedKind, type RowPage } from './pages/row-page.ts';
import type { GitHubSession } from './session/session.ts';

const listedCommits: ListedKind<CommitRow> = {
  row: commitAnswer.transform(toCommitRow),
  label: 'commits',
};

/**
 * The commits from `start` (a SHA) back to the roots, a hundred per page. Nothing if the repository is empty (409).
 *
 * @param from the page at which an earlier reading stopped
 */
export async function* listCommits(
  session: GitHubSession,
  root: string,
  start: string,
  from?: string,
): AsyncGenerator<RowPage<CommitRow>> {
  const first = from ?? `${root}/commits?sha=${encodeURIComponent(start)}&per_page=100`;
  for await (const page of pages(session, first, { stable: true, allow: [409] }, commitsIn)) {
    if (page === null) return;
    yield page;
  }
}

/** Null for a repository without commits. */
function commitsIn(page: Page): RowPage<CommitRow> | null {
  return page.answer.status === 409 ? null : rowPage(page, listedCommits);
}
