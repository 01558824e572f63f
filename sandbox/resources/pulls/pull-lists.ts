/** The commits of a pull request. */
import { HTML, type Json } from '../../world/context.ts';
import { pullCommits } from './pull-shape.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Commit, Issue, Pull, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import type { Reading } from '../../graphql/viewer.ts';

/** `commits`, oldest first. */
export function pullLists(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { world } = viewer.context;
  const path = `/${fullName(world, repository)}/pull/${issue.number}`;
  const commits = () => {
    const network = networkOf(world, repository);
    const shas = pullCommits(viewer.context, repository, pull);
    return shas.map((sha) => network.commits.get(sha)).filter((commit) => commit !== undefined);
  };
  const commitOfPull = (commit: Commit): Json => ({
    id: `PURC_${nodeId('C', commit.sha, issue.id).slice(2)}`,
    url: `${HTML}${path}/commits/${commit.sha}`,
    resourcePath: `${path}/commits/${commit.sha}`,
    commit: () => viewer.show.commit(repository, commit),
    pullRequest: () => viewer.show.item(repository, issue),
  });
  return {
    commits: (args: PageArgs) =>
      connection(args, { items: commits(), order: byPosition, node: commitOfPull }),
  };
}
