import type { Entity } from '../entities/entity.ts';
import type { CommitRow, RepositoryRow } from '../model.ts';
import { commitAnswer, read, repositoryAnswer } from './answers.ts';
import { compareCommits } from './compare-commits.ts';
import { branchRefs, protectedBranches } from './branch-refs.ts';
import { branchHeads } from './graphql/branch-heads.ts';
import { createEntityApi, type Found } from './entity-api.ts';
import { findCommit, type FoundCommit } from './find-commit.ts';
import { toCommitRow, toRepositoryRow } from './map.ts';
import { pages } from './pages/pages.ts';
import { findByName, listConnection, type AheadPage, type NamedRow } from './graphql/connections.ts';
import { issueNumbers, type ExpectedRange } from './graphql/issue-numbers.ts';
import { countIssueRanges, type IssueRange } from './graphql/issue-ranges.ts';
import { pullRequestCounts, type PullRequestCounts } from './graphql/pull-request-counts.ts';
import { pullRequestDetails } from './graphql/pull-request-detail.ts';
import { pullRequestByRest } from './pull-request-by-rest.ts';
import { rowPage, type ListedKind, type RowPage } from './pages/row-page.ts';
import type { GitHubSession } from './session/session.ts';
import { threadRoots } from './graphql/thread-roots.ts';
import type { Page } from './pages/page.ts';

/**
 * One repository by id, which survives renames, transfers and the reuse of names: the path form
 * `/repositories/{id}` is the one in GitHub's own `Link` headers (octokit/handbook, "Use ids"). By name only at
 * a GitHub that has turned out not to know that form.
 */
export function createRepositoryApi(session: GitHubSession, repositoryId: number, fullName: string) {
  const root = session.idPaths ? `/repositories/${repositoryId}` : `/repos/${fullName}`;

  /** First pages of connections that were requested with something else; each is used once. */
  const ahead = new Map<string, AheadPage>();

  async function repository(): Promise<Found<RepositoryRow>> {
    let answer = await session.get(root, [404]);
    if (answer.status === 404 && session.idPaths) {
      answer = await session.get(`/repos/${fullName}`, [404]);
      const byName =
        answer.status === 200 && read(repositoryAnswer, answer.data, 'repository').id === repositoryId;
      if (!byName) return { state: answer.status === 200 ? 'replaced' : 'not_found' };
      // It exists only under its name; unless that 404 was transient.
      session.idPaths = (await session.get(root, [404])).status !== 404;
    }
    if (answer.status === 404) return { state: 'not_found' };
    const row = toRepositoryRow(read(repositoryAnswer, answer.data, 'repository'));
    return row.id === repositoryId ? { state: 'found', row, date: answer.date } : { state: 'moved' };
  }

  /** The heads of branches, by name, a hundred per query; null for one that GraphQL does not know. */
  function headsByName(nodeId: string, names: readonly string[]): Promise<Map<string, string | null>> {
    return branchHeads(session, nodeId, names);
  }

  /** GitHub's comment counts for the pull requests that changed at or after. */
  function commentCounts(nodeId: string, since: string, expected: number): Promise<PullRequestCounts[]> {
    return pullRequestCounts(session, nodeId, since, expected);
  }

  /**
   * From `start` (a SHA) back to the roots, or from where an earlier reading stopped. Nothing if the repository
   * is empty (409).
   */
  async function* commits(start: string, from?: string): AsyncGenerator<RowPage<CommitRow>> {
    const first = from ?? `${root}/commits?sha=${encodeURIComponent(start)}&per_page=100`;
    for await (const rows of pages(session, first, { stable: true, allow: [409] }, commitsIn)) {
      if (rows === null) return;
      yield rows;
    }
  }

  /** One commit, as the list would show it, or as a Git object, which contains no accounts. */
  function commit(sha: string): Promise<FoundCommit> {
    return findCommit(session, root, sha);
  }

  const entityApi = createEntityApi(session, root, repositoryId, async (feature) => {
    const found = await repository();
    return found.state === 'found' && !found.row[feature];
  });

  return {
    noreplyHost: session.server.noreplyHost,
    repository,
    branchHeads: headsByName,
    branchRefs: () => branchRefs(session, root),
    protectedBranches: () => protectedBranches(session, root),
    commentCounts,
    listConnection<Row extends NamedRow>(nodeId: string, entity: Entity<string, Row>, from?: string) {
      const known = ahead.get(entity.name);
      ahead.delete(entity.name);
      return listConnection(session, nodeId, entity, from, known);
    },
    findByName: <Row extends NamedRow>(
      nodeId: string,
      entity: Entity<string, Row>,
      names: readonly string[],
      once?: boolean,
    ) => findByName(session, nodeId, entity, names, once),
    commits,
    commit,
    compare: (base: string, head: string) => compareCommits(session, root, base, head),
    pullRequestDetails: (nodeIds: readonly string[], children: number) =>
      pullRequestDetails(session, nodeIds, children),
    pullRequestByRest: (number: number) => pullRequestByRest(session, root, number),
    countIssueRanges: (nodeId: string, ranges: readonly IssueRange[]) =>
      countIssueRanges(session, nodeId, ranges),
    /** @param beside a kind whose connection is listed later: its first page is requested in the same query */
    async issueNumbers(nodeId: string, ranges: readonly ExpectedRange[], beside: Entity | null) {
      const answer = await issueNumbers(session, nodeId, ranges, beside);
      if (beside !== null && answer.ahead !== null) ahead.set(beside.name, answer.ahead);
      return answer;
    },
    threadRoots: (nodeIds: readonly string[]) => threadRoots(session, nodeIds),
    ...entityApi,
  };
}

export type RepositoryApi = ReturnType<typeof createRepositoryApi>;

const listedCommits: ListedKind<CommitRow> = {
  row: commitAnswer.transform(toCommitRow),
  label: 'commits',
};

/** Null for a repository without commits. */
function commitsIn(page: Page): RowPage<CommitRow> | null {
  return page.answer.status === 409 ? null : rowPage(page, listedCommits);
}
