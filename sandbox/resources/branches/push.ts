/** Pushing commits. */
import { addCommit, signature, type CommitInput } from '../commits/commit.ts';
import { WorldError } from '../../world/errors.ts';
import { networkOf } from '../../world/lookup.ts';
import { HEADS, headOf } from './branch.ts';
import { moveRef } from './ref.ts';
import { addTagObject, peel } from '../tags.ts';
import type { Account, ActivityType, Commit, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

export interface PushInput {
  /** The default branch unless given; created when missing. */
  branch?: string;
  /** One commit unless given. */
  commits?: CommitInput[];
  /** Where the first commit goes on top: a sha or branch; null starts an unrelated history. The branch's head unless given. */
  onto?: string | null;
  /** Allow the old head to be lost. */
  force?: boolean;
}

/** The commit for a sha, a branch or tag name or a full ref of the repository. Null when there is none. */
export function resolve(world: World, repository: Repository, name: string): string | null {
  const { refs } = repository;
  const found = refs.get(name) ?? refs.get(HEADS + name) ?? refs.get(`refs/tags/${name}`);
  const network = networkOf(world, repository);
  const sha = peel(network, found?.sha ?? name);
  return network.commits.has(sha) ? sha : null;
}

/**
 * Makes commits and moves the branch to the last of them. Returns them, oldest first. Throws WorldError when that would lose the
 * branch's head and `force` is not set.
 */
export function push(world: World, repository: Repository, input: PushInput, by: Account): Commit[] {
  const branch = input.branch ?? repository.defaultBranch;
  const old = headOf(repository, branch);
  let tip = startOf(world, repository, input, old);
  if (tip !== old && old !== null && !input.force) throw new WorldError('not a fast-forward: use force', 409);
  const network = networkOf(world, repository);
  const made = (input.commits ?? [{}]).map((one) => {
    const parents = one.parents ?? (tip === null ? [] : [tip]);
    const commit = addCommit(world, network, one, parents, by);
    tip = commit.sha;
    return commit;
  });
  if (tip !== null) moveRef(world, repository, HEADS + branch, tip, by);
  return made;
}

function startOf(world: World, repository: Repository, input: PushInput, old: string | null): string | null {
  if (input.onto === null) return null;
  if (input.onto !== undefined) return need(world, repository, input.onto);
  if (old !== null) return old;
  return headOf(repository, repository.defaultBranch);
}

/** As `resolve`. Throws WorldError 404. */
function need(world: World, repository: Repository, name: string): string {
  const sha = resolve(world, repository, name);
  if (sha === null) throw new WorldError(`no commit or branch ${name}`, 404);
  return sha;
}

/** Sets a branch (created when missing) to an existing commit, as `git push --force` would. */
export function setBranch(
  world: World,
  repository: Repository,
  branch: string,
  at: string,
  by: Account,
): void {
  moveRef(world, repository, HEADS + branch, need(world, repository, at), by);
}

/** Deletes a branch. Throws WorldError for an unknown branch and for the default branch, as GitHub refuses it. */
export function deleteBranch(world: World, repository: Repository, branch: string, by: Account): void {
  if (headOf(repository, branch) === null) throw new WorldError(`no branch ${branch}`, 404);
  if (branch === repository.defaultBranch) throw new WorldError('the default branch cannot be deleted');
  moveRef(world, repository, HEADS + branch, null, by);
}

/**
 * Creates, moves or (with null) deletes a tag; with a message, an annotated one, which points to the tag object
 * if `at` names an annotated tag, as in git.
 */
export function setTag(
  world: World,
  repository: Repository,
  name: string,
  at: string | null,
  by: Account,
  message: string | null = null,
): void {
  const target = at === null ? null : need(world, repository, at);
  const network = networkOf(world, repository);
  const sha =
    target === null || message === null
      ? target
      : addTagObject(network, {
          target: repository.refs.get(`refs/tags/${at ?? ''}`)?.sha ?? target,
          name,
          tagger: signature(world, {}, by),
          message,
        }).sha;
  moveRef(world, repository, `refs/tags/${name}`, sha, by);
}

/** A merge commit of `from` into `branch`; returns it. `type` is what the activity list calls it. */
export function merge(
  world: World,
  repository: Repository,
  branch: string,
  from: string[],
  by: Account,
  message: string,
  type?: ActivityType,
): Commit {
  const parents = [need(world, repository, branch), ...from.map((one) => need(world, repository, one))];
  const commit = addCommit(world, networkOf(world, repository), { message, files: [] }, parents, by);
  moveRef(world, repository, HEADS + branch, commit.sha, by, type);
  return commit;
}
