import type { z } from 'zod';
import { SyncError } from '../errors.ts';
import type { BranchRow, CommitRow, IssueRow, PullRequestRow, RepositoryRow } from '../model.ts';
import {
  branchAnswer,
  commitAnswer,
  compareAnswer,
  issueAnswer,
  pullRequestAnswer,
  read,
  repositoryAnswer,
} from './answers.ts';
import { branchHeads } from './branch-heads.ts';
import type { Answer, GitHubSession } from './session.ts';
import { isIssue, toBranchRow, toCommitRow, toIssueRow, toPullRequestRow, toRepositoryRow } from './map.ts';
import { pages } from './pages.ts';
import type { Page } from './shrink-page.ts';
import { readEach, type Unreadable } from './unreadable.ts';

/** One page of a list as our rows. `url` is where an interrupted walk starts again. */
export interface RowPage<Row> {
  rows: Row[];
  /** what is there too, but cannot be read: never an absence, and counted by GitHub */
  unreadable: Unreadable[];
  url: string;
  next: string | null;
  date: string;
}

/**
 * What one GET of a single object says. `absent`: 404, `gone`: 410, `moved`: redirected to another object,
 * `replaced`: its name now answers for another repository.
 */
export type Found<Row> =
  | { state: 'found'; row: Row; date: string }
  | { state: 'absent' | 'gone' | 'moved' | 'disabled' | 'replaced' };

/**
 * One repository by its id, which survives renames, transfers and the reuse of names: the path form
 * `/repositories/{id}` is the one in GitHub's own `Link` headers (octokit/handbook, "Use ids"). By its name
 * only at a GitHub that has turned out not to know that form.
 */
export function createRepositoryApi(session: GitHubSession, repositoryId: number, fullName: string) {
  const root = session.idPaths ? `/repositories/${repositoryId}` : `/repos/${fullName}`;

  async function repository(): Promise<Found<RepositoryRow>> {
    let answer = await session.get(root, [404]);
    if (answer.status === 404 && session.idPaths) {
      answer = await session.get(`/repos/${fullName}`, [404]);
      const byName =
        answer.status === 200 && read(repositoryAnswer, answer.data, 'repository').id === repositoryId;
      if (!byName) return { state: answer.status === 200 ? 'replaced' : 'absent' };
      // There under its name alone; unless that 404 was one that passes.
      session.idPaths = (await session.get(root, [404])).status !== 404;
    }
    if (answer.status === 404) return { state: 'absent' };
    const row = toRepositoryRow(read(repositoryAnswer, answer.data, 'repository'));
    return row.id === repositoryId ? { state: 'found', row, date: answer.date } : { state: 'moved' };
  }

  async function branch(name: string): Promise<Found<BranchRow>> {
    const answer = await session.get(`${root}/branches/${encodeURIComponent(name)}`, [404]);
    if (answer.status === 404) return { state: 'absent' };
    const row = toBranchRow(read(branchAnswer, answer.data, 'branch'));
    // A renamed branch is answered under its new name.
    return row.name === name ? { state: 'found', row, date: answer.date } : { state: 'moved' };
  }

  async function* branches(): AsyncGenerator<RowPage<BranchRow>> {
    for await (const page of pages(session, `${root}/branches?per_page=100`, true, [409])) {
      if (page.answer.status === 409) return;
      yield rowPage(page, branchAnswer, 'branches', toBranchRow);
    }
  }

  /** Where branches point, by name, a hundred in one question; null for one that GraphQL does not know. */
  function headsByName(nodeId: string, names: readonly string[]): Promise<Map<string, string | null>> {
    return branchHeads(session, nodeId, names);
  }

  /** From `start` (a SHA) back to the roots, or from where an earlier walk stopped. Nothing when empty (409). */
  async function* commits(start: string, from?: string): AsyncGenerator<RowPage<CommitRow>> {
    const first = from ?? `${root}/commits?sha=${encodeURIComponent(start)}&per_page=100`;
    for await (const page of pages(session, first, true, [409])) {
      if (page.answer.status === 409) return;
      yield rowPage(page, commitAnswer, 'commits', toCommitRow);
    }
  }

  /**
   * What is reachable from `head` and not from `base`. Null when GitHub cannot compare them: no common
   * ancestor, a commit it no longer has (404), or a difference too large to make (5xx); and when there is more of it
   * than should be held in one go, since a comparison cannot go on where it was interrupted.
   */
  async function compare(
    base: string,
    head: string,
  ): Promise<{ status: string; commits: CommitRow[] } | null> {
    const commitRows: CommitRow[] = [];
    let status = '';
    let total = 0;
    for await (const page of pages(
      session,
      `${root}/compare/${base}...${head}?per_page=100`,
      true,
      [404, 422],
    )) {
      if (page.answer.status !== 200) return null;
      const answer = read(compareAnswer, page.answer.data, 'compare');
      status = answer.status;
      total = answer.total_commits;
      if (total > MAX_COMPARED) return null;
      for (const commit of readEach(commitAnswer, answer.commits, 'compare').items)
        commitRows.push(toCommitRow(commit));
    }
    const distinct = new Map(commitRows.map((row) => [row.sha, row]));
    return distinct.size === total ? { status, commits: [...distinct.values()] } : null;
  }

  /**
   * Issues in the order of their creation, so that an edit meanwhile moves nothing. Null: switched off (410). What is
   * behind an element that GitHub cannot answer, where only its cursor leads on, is read from the other end.
   */
  async function* issues(since: string | null, from?: string): AsyncGenerator<RowPage<IssueRow> | null> {
    const query = since === null || isNoBound(since) ? '' : `&since=${encodeURIComponent(since)}`;
    const first = from ?? `${root}/issues?state=all&sort=created&direction=asc&per_page=100${query}`;
    const before: number[] = [];
    for await (const page of pages(session, first, true, [410])) {
      if (page.answer.status === 410) {
        yield null;
        return;
      }
      before.push(...numbersIn(page));
      if (!page.broken) {
        yield issuePage(page);
        continue;
      }
      const back = fromTheOtherEnd(first);
      yield { ...issuePage(page), next: back };
      let behind: number | undefined;
      let broken = back === null;
      for await (const page of back === null ? [] : pages(session, back, true)) {
        behind = numbersIn(page).at(-1) ?? behind;
        broken = page.broken;
        yield issuePage(page);
      }
      if (broken && !meets(before, behind))
        throw new SyncError('GITHUB_UNAVAILABLE', 'issues in the middle of the list cannot be had');
      return;
    }
  }

  /** Null: switched off, so that the list is a 404 of a repository that is there and says so. */
  async function* pullRequestPages(
    first: string,
    stable: boolean,
  ): AsyncGenerator<RowPage<PullRequestRow> | null> {
    for await (const page of pages(session, first, stable, [404])) {
      if (page.answer.status === 404) {
        const found = await repository();
        if (found.state !== 'found' || found.row.has_pull_requests) {
          throw new SyncError('NOT_FOUND', `GET ${root}/pulls: 404`);
        }
        yield null;
        return;
      }
      yield pullRequestPage(page);
    }
  }

  function pullRequests(from?: string): AsyncGenerator<RowPage<PullRequestRow> | null> {
    return pullRequestPages(from ?? `${root}/pulls?state=all&sort=created&direction=asc&per_page=100`, true);
  }

  /** Newest change first. An edit meanwhile moves a row to the front and shifts others back: none is missed. */
  function changedPullRequests(from?: string): AsyncGenerator<RowPage<PullRequestRow> | null> {
    return pullRequestPages(
      from ?? `${root}/pulls?state=all&sort=updated&direction=desc&per_page=100`,
      false,
    );
  }

  /** @returns `moved` for one that was transferred, `gone` for a deleted one, `disabled` with issues off */
  async function issue(number: number): Promise<Found<IssueRow>> {
    const answer = await session.get(`${root}/issues/${number}`, [404, 410]);
    if (answer.status === 404) return { state: 'absent' };
    if (answer.status === 410) return { state: /disabled/i.test(messageOf(answer)) ? 'disabled' : 'gone' };
    const found = read(issueAnswer, answer.data, 'issue');
    // A transferred issue is redirected to its new repository, where it may even bear the same number.
    const elsewhere = !new URL(answer.url).pathname.endsWith(`${root}/issues/${number}`);
    return elsewhere || !isIssue(found)
      ? { state: 'moved' }
      : { state: 'found', row: toIssueRow(found), date: answer.date };
  }

  async function pullRequest(number: number): Promise<Found<PullRequestRow>> {
    const answer = await session.get(`${root}/pulls/${number}`, [404, 410]);
    if (answer.status !== 200) return { state: answer.status === 410 ? 'gone' : 'absent' };
    const row = toPullRequestRow(read(pullRequestAnswer, answer.data, 'pull request'));
    return { state: 'found', row, date: answer.date };
  }

  return {
    noreplyHost: session.server.noreplyHost,
    repository,
    branch,
    branches,
    branchHeads: headsByName,
    commits,
    compare,
    issues,
    pullRequests,
    changedPullRequests,
    issue,
    pullRequest,
  };
}

export type RepositoryApi = ReturnType<typeof createRepositoryApi>;

/** GitHub's lists of issues hold the pull requests too: what is odd about one of those is no matter of issues. */
function issuePage(page: Page): RowPage<IssueRow> {
  const data = Array.isArray(page.answer.data)
    ? page.answer.data.filter((element) => !isPullRequest(element))
    : page.answer.data;
  return rowPage({ ...page, answer: { ...page.answer, data } }, issueAnswer, 'issues', toIssueRow);
}

/** So many numbers apart, at most a few elements are lacking; more is a part of the list that did not come. */
const WIDEST_HOLE = 6;

/** Whether a list that was read from both ends is whole, but for the elements that GitHub could not answer. */
function meets(before: readonly number[], behind: number | undefined): boolean {
  const last = before.at(-1);
  if (last === undefined || behind === undefined) return false;
  return before.includes(behind) || Math.abs(behind - last) <= WIDEST_HOLE;
}

function numbersIn({ answer }: Page): number[] {
  const list: unknown[] = Array.isArray(answer.data) ? answer.data : [];
  return list.flatMap((element) => {
    const number: unknown =
      typeof element === 'object' && element !== null ? Reflect.get(element, 'number') : null;
    return typeof number === 'number' ? [number] : [];
  });
}

function isPullRequest(element: unknown): boolean {
  return (
    typeof element === 'object' &&
    element !== null &&
    'pull_request' in element &&
    element.pull_request !== null &&
    element.pull_request !== undefined
  );
}

function pullRequestPage(page: Page): RowPage<PullRequestRow> {
  return rowPage(page, pullRequestAnswer, 'pull requests', toPullRequestRow);
}

function rowPage<T extends z.ZodType, Row>(
  { url, answer, holes }: Page,
  schema: T,
  what: string,
  toRow: (element: z.output<T>) => Row,
): RowPage<Row> {
  const { items, unreadable } = readEach(schema, answer.data, what);
  return {
    rows: items.map(toRow),
    unreadable: [...holes, ...unreadable],
    url,
    next: answer.links.next,
    date: answer.date,
  };
}

/** The same list, last first, from its beginning; null for one that is read that way already. */
function fromTheOtherEnd(url: string): string | null {
  if (!url.includes('direction=asc')) return null;
  const [path = '', query = ''] = url.replace('direction=asc', 'direction=desc').split('?');
  const parameters = new URLSearchParams(query);
  for (const name of ['after', 'before', 'page']) parameters.delete(name);
  return `${path}?${parameters.toString()}`;
}

/** GitHub's first year: nothing there is older, so that an earlier bound is none. */
/** Commits in one comparison: ten pages. A longer way is walked, which is saved piece by piece. */
const MAX_COMPARED = 1000;
const GITHUB_BEGAN = Date.parse('2008-01-01T00:00:00Z');

/** GitHub answers `[]` to `since=1970-01-01T00:00:00Z` (grimoirelab-perceval#865): such a bound is left out. */
function isNoBound(since: string): boolean {
  return !(Date.parse(since) > GITHUB_BEGAN);
}

function messageOf(answer: Answer): string {
  const { data } = answer;
  return typeof data === 'object' && data !== null && 'message' in data ? String(data.message) : '';
}
