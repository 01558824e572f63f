/** Results as JSON: the same shapes that REST has. */
import { WorldError } from '../world/errors.ts';
import type { Account, Commit, Installation, Issue, Repository } from '../world/types.ts';
import { commitDetail } from './commits/commit-shape.ts';
import type { Context, Json } from '../world/context.ts';
import { installationShape } from './installations/installation-shape.ts';
import { issueDetail } from './issues/issue-shape.ts';
import { pullDetail } from './pulls/pull-shape.ts';
import { fullRepository } from './repositories/repository-shape.ts';
import { publicUser } from './accounts/user-shape.ts';

export const showAccount = (context: Context, account: Account): Json => ({
  ...publicUser(context, account),
  emails: account.emails,
  deleted: account.deleted,
});

export const showRepository = (context: Context, repository: Repository): Json =>
  fullRepository(context, repository);

export const showInstallation = (context: Context, installation: Installation): Json =>
  installationShape(context, installation);

export function showIssue(context: Context, issue: Issue): Json {
  const repository = context.world.state.repositories.get(issue.repositoryId);
  if (!repository) throw new WorldError('the repository is gone', 404);
  return issue.pull
    ? pullDetail(context, repository, issue, issue.pull)
    : issueDetail(context, repository, issue);
}

/** A push: the commits and where the branch is now. */
export interface Pushed {
  repository: Repository;
  branch: string;
  commits: Commit[];
}

export function showPushed(context: Context, { repository, branch, commits }: Pushed): Json {
  return {
    branch,
    head: repository.refs.get(`refs/heads/${branch}`)?.sha ?? null,
    commits: commits.slice(-100).map((commit) => commitDetail(context, repository, commit)),
  };
}
