/** What happens to pull requests when the branches they are about move or vanish. */
import { closeIssue } from '../issues/issue.ts';
import { testMerge } from './pull.ts';
import type { Account, Issue, Pull, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/** The open pull requests of the whole network: those from a repository may be in any of its relatives. */
function openPulls(world: World, networkId: number): { home: Repository; issue: Issue; pull: Pull }[] {
  const found: { home: Repository; issue: Issue; pull: Pull }[] = [];
  for (const home of world.state.repositories.values()) {
    if (home.networkId !== networkId) continue;
    for (const number of home.openPulls) {
      const issue = home.issues.get(number);
      if (issue?.pull) found.push({ home, issue, pull: issue.pull });
    }
  }
  return found;
}

/** A branch got the commits `shas`: pull requests from it are synchronised, those into it that it now contains are merged. */
export function followBranch(
  world: World,
  repository: Repository,
  branch: string,
  move: { before: string; after: string; shas: Set<string> },
  by: Account,
): void {
  const { before, after, shas } = move;
  for (const { home, issue, pull } of openPulls(world, repository.networkId)) {
    if (pull.headRepoId === repository.id && pull.headRef === branch && pull.headSha === before) {
      pull.headSha = after;
      pull.mergeCommitSha = testMerge(pull);
      issue.updatedAt = world.clock.now();
      touch(home);
      world.emit({
        event: 'pull_request',
        action: 'synchronize',
        repository: home,
        sender: by,
        issue,
        before,
        after,
      });
    }
    if (home !== repository || pull.baseRef !== branch) continue;
    if (!shas.has(pull.headSha)) continue;
    markMerged(world, pull, after, by);
    closeIssue(world, home, issue, {}, by);
  }
}

/** Records the merge; closing the pull request is the caller's. */
export function markMerged(world: World, pull: Pull, sha: string, by: Account): void {
  pull.mergedAt = world.clock.now();
  pull.mergedById = by.id;
  pull.mergeCommitSha = sha;
}

/** A deleted branch closes the pull requests from it and into it. */
export function closePullsOfBranch(world: World, repository: Repository, branch: string, by: Account): void {
  for (const { home, issue, pull } of openPulls(world, repository.networkId)) {
    const from = pull.headRepoId === repository.id && pull.headRef === branch;
    if (from || (home === repository && pull.baseRef === branch)) closeIssue(world, home, issue, {}, by);
  }
}
