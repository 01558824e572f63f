/** Transferring a repository to another owner. */
import { announceAdded, deselect } from '../installations/installation-selection.ts';
import { ownerOf } from '../../world/lookup.ts';
import { moveName } from './repository-name.ts';
import type { Account, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/**
 * Moves it to another account under the same id; the old full name redirects. The old owner's installation gets
 * `installation_repositories.removed`, the new owner's `.added` (when it covers all) and `repository.transferred`.
 */
export function transferRepository(world: World, repository: Repository, to: Account, by: Account): void {
  const old = ownerOf(world, repository);
  deselect(world, repository, by);
  const set = (id: number) => () => {
    repository.ownerId = id;
  };
  moveName(world, repository, set(to.id), set(old.id));
  repository.updatedAt = world.clock.now();
  touch(repository);
  announceAdded(world, repository, by);
  world.emit({ event: 'repository', action: 'transferred', repository, sender: by, formerOwner: old });
}
