/** Pull requests: opening and changing them. */
import { sha1 } from '../commits/commit.ts';
import { WorldError } from '../../world/errors.ts';
import { newCommits } from '../commits/graph.ts';
import { addIssue, type IssueInput } from '../issues/issue.ts';
import { networkOf } from '../../world/lookup.ts';
import { headOf } from '../branches/branch.ts';
import type { Account, Issue, Pull, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

export interface PullInput extends IssueInput {
  head: string;
  /** The default branch unless given. */
  base?: string;
  /** The fork the head branch is in; the repository itself unless given. */
  from?: Repository;
  draft?: boolean;
}

/** GitHub's test merge: a sha that no branch has, and that changes with either side. */
export function testMerge(pull: Pick<Pull, 'baseSha' | 'headSha'>): string {
  return sha1(`test merge ${pull.baseSha} ${pull.headSha}`);
}

/** Opens a pull request. Throws WorldError where they are switched off, a branch is missing or the head has nothing new. */
export function openPull(world: World, repository: Repository, input: PullInput, by: Account): Issue {
  if (!repository.hasPullRequests) throw new WorldError('Pull requests are disabled for this repo', 422);
  const from = input.from ?? repository;
  const baseRef = input.base ?? repository.defaultBranch;
  const headSha = headOf(from, input.head);
  const baseSha = headOf(repository, baseRef);
  if (headSha === null || baseSha === null)
    throw new WorldError(`no branch ${headSha ? baseRef : input.head}`);
  if (from.networkId !== repository.networkId)
    throw new WorldError('the head is not in a fork of this repository');
  if (newCommits(world, networkOf(world, repository), baseSha, headSha).length === 0) {
    throw new WorldError(`No commits between ${baseRef} and ${input.head}`);
  }
  const pull: Pull = {
    id: world.nextId('pull', 2_900_000_000),
    headRepoId: from.id,
    headOwnerId: from.ownerId,
    headRef: input.head,
    headSha,
    baseRef,
    baseSha,
    draft: input.draft ?? false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: testMerge({ baseSha, headSha }),
    mergeable: true,
    reviewedAt: null,
    reviews: [],
    reviewComments: [],
    threads: [],
    requestedReviewerIds: [],
    requestedTeamIds: [],
    readyEvents: [],
  };
  const issue = addIssue(world, repository, input, by, pull);
  world.emit({ event: 'pull_request', action: 'opened', repository, sender: by, issue });
  return issue;
}

/** Marks a review or a comment on a line: the pull request's `updated_at` moves, but not that of its entry among the issues. */
export function reviewed(world: World, repository: Repository, pull: Pull): void {
  pull.reviewedAt = world.clock.now();
  touch(repository);
}

/** When an issue, or a pull request with its reviews, last changed. */
export function lastChange({ updatedAt, pull }: Issue): number {
  return Math.max(updatedAt, pull?.reviewedAt ?? 0);
}

/** Marks a pull request as draft or ready; nothing happens when it already is. */
export function setDraft(
  world: World,
  repository: Repository,
  issue: Issue,
  draft: boolean,
  by: Account,
): void {
  if (!issue.pull || issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  if (!draft) {
    const createdAt = world.clock.now();
    issue.pull.readyEvents.push({ id: world.nextId('event', 19_000_000_000), createdAt, actorId: by.id });
  }
  changed(world, repository, issue);
  const action = draft ? 'converted_to_draft' : 'ready_for_review';
  world.emit({ event: 'pull_request', action, repository, sender: by, issue });
}

/** Points a pull request at another base branch. Throws WorldError when there is none of that name. */
export function changeBase(
  world: World,
  repository: Repository,
  issue: Issue,
  base: string,
  by: Account,
): void {
  const { pull } = issue;
  const sha = headOf(repository, base);
  if (!pull || sha === null) throw new WorldError(`no branch ${base}`);
  const changes = { base: { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } } };
  pull.baseRef = base;
  pull.baseSha = sha;
  pull.mergeCommitSha = testMerge(pull);
  changed(world, repository, issue);
  world.emit({ event: 'pull_request', action: 'edited', repository, sender: by, issue, changes });
}

function changed(world: World, repository: Repository, issue: Issue): void {
  issue.updatedAt = world.clock.now();
  touch(repository);
}
