/** Merging pull requests. */
import { addCommit } from '../commits/commit.ts';
import { WorldError } from '../../world/errors.ts';
import { newCommits } from '../commits/graph.ts';
import { closeIssue } from '../issues/issue.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { markMerged } from './pull-follow.ts';
import { HEADS, headOf } from '../branches/branch.ts';
import { moveRef } from '../branches/ref.ts';
import type { Account, Commit, Issue, Pull, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Merges an open pull request into its base branch. Throws WorldError 405 when it is not open or cannot be merged. */
export function mergePull(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Account,
  method: MergeMethod = 'merge',
): Commit {
  const { pull } = issue;
  if (!pull || issue.state !== 'open' || !pull.mergeable) {
    throw new WorldError('Pull Request is not mergeable', 405);
  }
  const base = headOf(repository, pull.baseRef);
  if (base === null) throw new WorldError(`no branch ${pull.baseRef}`, 405);
  const commit = makeMerge(world, repository, issue, pull, base, by, method);
  markMerged(world, pull, commit.sha, by);
  repository.openPulls.delete(issue.number);
  moveRef(world, repository, HEADS + pull.baseRef, commit.sha, by, 'pr_merge');
  closeIssue(world, repository, issue, {}, by);
  return commit;
}

function makeMerge(
  world: World,
  repository: Repository,
  issue: Issue,
  pull: Pull,
  base: string,
  by: Account,
  method: MergeMethod,
): Commit {
  const network = networkOf(world, repository);
  const shas = newCommits(world, network, base, pull.headSha).toReversed();
  const own = shas.map((sha) => network.commits.get(sha)).filter((commit) => commit !== undefined);
  const files = own.flatMap((commit) => commit.files);
  if (method === 'merge') {
    const message = `Merge pull request #${issue.number} from ${fullName(world, repository)}/${pull.headRef}\n\n${issue.title}`;
    return addCommit(world, network, { message, files }, [base, pull.headSha], by);
  }
  if (method === 'squash') {
    return addCommit(world, network, { message: `${issue.title} (#${issue.number})`, files }, [base], by);
  }
  let last: Commit | undefined;
  for (const { message, author, files: changed } of own) {
    const parent: string = last?.sha ?? base;
    last = addCommit(world, network, { message, author, committer: {}, files: changed }, [parent], by);
  }
  if (!last) throw new WorldError('nothing to merge', 405);
  return last;
}
