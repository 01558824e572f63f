import type { Entity } from '../entities/entity.ts';
import { compareCommits } from './compare-commits.ts';
import { branchRefs, protectedBranches } from './branch-refs.ts';
import { branchHeads } from './graphql/branch-heads.ts';
import { createEntityApi } from './entity-api.ts';
import { findCommit } from './find-commit.ts';
import { findRepository } from './find-repository.ts';
import { listCommits } from './list-commits.ts';
import { findByName, listConnection, type AheadPage, type NamedRow } from './graphql/connections.ts';
import { issueNumbers, type ExpectedRange } from './graphql/issue-numbers.ts';
import { countIssueRanges, type IssueRange } from './graphql/issue-ranges.ts';
import { pullRequestCounts } from './graphql/pull-request-counts.ts';
import { pullRequestDetails } from './graphql/pull-request-detail.ts';
import { pullRequestByRest } from './pull-request-by-rest.ts';
import type { GitHubSession } from './session/session.ts';
import { threadRoots } from './graphql/thread-roots.ts';

/**
 * One repository by id, which survives renames, transfers and the reuse of names: the path form
 * `/repositories/{id}` is the one in GitHub's own `Link` headers (octokit/handbook, "Use ids"). By name only at
 * a GitHub that has turned out not to know that form.
 */
export function createRepositoryApi(session: GitHubSession, repositoryId: number, fullName: string) {
  const root = session.idPaths ? `/repositories/${repositoryId}` : `/repos/${fullName}`;
  const repository = () => findRepository(session, root, { id: repositoryId, fullName });
  return {
    noreplyHost: session.server.noreplyHost,
    repository,
    branchRefs: () => branchRefs(session, root),
    protectedBranches: () => protectedBranches(session, root),
    commits: (start: string, from?: string) => listCommits(session, root, start, from),
    commit: (sha: string) => findCommit(session, root, sha),
    compare: (base: string, head: string) => compareCommits(session, root, base, head),
    pullRequestByRest: (number: number) => pullRequestByRest(session, root, number),
    ...createQueryApi(session),
    ...createEntityApi(session, root, repositoryId, async (feature) => {
      const found = await repository();
      return found.state === 'found' && !found.row[feature];
    }),
  };
}

export type RepositoryApi = ReturnType<typeof createRepositoryApi>;

/** What GraphQL tells of a repository, by its node id. */
function createQueryApi(session: GitHubSession) {
  /** First pages of connections that were requested with something else; each is used once. */
  const ahead = new Map<string, AheadPage>();
  return {
    /** The heads of branches, by name, a hundred per query; null for one that GraphQL does not know. */
    branchHeads: (nodeId: string, names: readonly string[]) => branchHeads(session, nodeId, names),
    /** GitHub's comment counts for the pull requests that changed at or after. */
    commentCounts: (nodeId: string, since: string, expected: number) =>
      pullRequestCounts(session, nodeId, since, expected),
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
    pullRequestDetails: (nodeIds: readonly string[], children: number) =>
      pullRequestDetails(session, nodeIds, children),
    countIssueRanges: (nodeId: string, ranges: readonly IssueRange[]) =>
      countIssueRanges(session, nodeId, ranges),
    /** @param beside a kind whose connection is listed later: its first page is requested in the same query */
    async issueNumbers(nodeId: string, ranges: readonly ExpectedRange[], beside: Entity | null) {
      const answer = await issueNumbers(session, nodeId, ranges, beside);
      if (beside !== null && answer.ahead !== null) ahead.set(beside.name, answer.ahead);
      return answer;
    },
    threadRoots: (nodeIds: readonly string[]) => threadRoots(session, nodeIds),
  };
}
