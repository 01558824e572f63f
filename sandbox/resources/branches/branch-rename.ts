/** Renaming branches. */
import { HEADS, headOf } from './branch.ts';
import { WorldError } from '../../world/errors.ts';
import { moveRef } from './ref.ts';
import { editRepository } from '../repositories/repository-settings.ts';
import type { Account, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/**
 * Renames a branch: the new ref is created, pull requests follow it, a default branch stays the default under its new name, and
 * the old ref is deleted. Throws WorldError for an unknown branch or a name in use.
 */
export function renameBranch(
  world: World,
  repository: Repository,
  from: string,
  to: string,
  by: Account,
): void {
  const sha = headOf(repository, from);
  if (sha === null) throw new WorldError(`no branch ${from}`, 404);
  if (headOf(repository, to) !== null) throw new WorldError(`branch ${to} exists`);
  moveRef(world, repository, HEADS + to, sha, by);
  for (const number of repository.openPulls) {
    const pull = repository.issues.get(number)?.pull;
    if (pull?.baseRef === from) pull.baseRef = to;
    if (pull?.headRepoId === repository.id && pull.headRef === from) pull.headRef = to;
  }
  if (repository.defaultBranch === from) editRepository(world, repository, { defaultBranch: to }, by);
  moveRef(world, repository, HEADS + from, null, by);
  touch(repository);
}
