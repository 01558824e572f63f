/** Which repositories an installation was given. */
import { covers, installationFor, installationOn, repositoriesOf } from '../../world/access.ts';
import type { Account, Installation, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/**
 * The repository leaves its installation (deleted, transferred, deselected), with the event
 * `installation_repositories.removed`.
 */
export function deselect(world: World, repository: Repository, by: Account): void {
  const installation = installationFor(world, repository);
  if (!installation) return;
  installation.repositoryIds.delete(repository.id);
  world.emit({
    event: 'installation_repositories',
    action: 'removed',
    installation,
    repositories: [repository],
    sender: by,
  });
}

/**
 * A new repository of an owner: an installation that covers all of the owner's repositories gets the event
 * `.added`.
 */
export function announceAdded(world: World, repository: Repository, by: Account): void {
  const installation = installationOn(world, repository.ownerId);
  if (installation?.selection !== 'all') return;
  world.emit({
    event: 'installation_repositories',
    action: 'added',
    installation,
    repositories: [repository],
    sender: by,
  });
}

/** What to select: all repositories, or exactly these. */
export type Selection = 'all' | Repository[];

/** Changes the selection; additions and removals cause one event each. */
export function changeSelection(
  world: World,
  installation: Installation,
  selection: Selection,
  by: Account,
): void {
  const before = repositoriesOf(world, installation);
  installation.selection = selection === 'all' ? 'all' : 'selected';
  installation.repositoryIds = new Set(selection === 'all' ? [] : selection.map(({ id }) => id));
  installation.updatedAt = world.clock.now();
  const had = new Set(before);
  const added = repositoriesOf(world, installation).filter((one) => !had.has(one));
  const removed = before.filter((one) => !covers(installation, one));
  for (const [action, repositories] of [
    ['added', added],
    ['removed', removed],
  ] as const) {
    if (repositories.length === 0) continue;
    world.emit({ event: 'installation_repositories', action, installation, repositories, sender: by });
  }
}
