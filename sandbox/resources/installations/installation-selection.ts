/** Which repositories an installation was given. */
import { covers, installationFor, installationOn, repositoriesOf } from '../../world/access.ts';
import type { Account, Installation, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** The repository leaves its installation (deleted, transferred, deselected): told by `installation_repositories.removed`. */
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

/** A repository that is new at its owner: an installation that covers all of them is told by `.added`. */
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

/** What is to be selected: everything, or exactly these repositories. */
export type Selection = 'all' | Repository[];

/** Changes the selection; additions and removals are told in one event each. */
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
