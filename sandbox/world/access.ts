/** Which repositories an installation reaches. */
import type { Installation, Repository } from './types.ts';
import type { World } from './world.ts';

/** Whether the installation covers the repository (suspended or not). */
export function covers(installation: Installation, repository: Repository): boolean {
  if (repository.ownerId !== installation.accountId) return false;
  return installation.selection === 'all' || installation.repositoryIds.has(repository.id);
}

/** The repositories of an installation, by id. */
export function repositoriesOf(world: World, installation: Installation): Repository[] {
  const found: Repository[] = [];
  for (const repository of world.state.repositories.values()) {
    if (covers(installation, repository)) found.push(repository);
  }
  return found.sort((a, b) => a.id - b.id);
}

/** How many they are, without the list. */
export function repositoryCount(world: World, installation: Installation): number {
  let count = 0;
  for (const repository of world.state.repositories.values())
    if (covers(installation, repository)) count += 1;
  return count;
}

/** The App's installation on an account, or null: an App has at most one there. */
export function installationOn(world: World, accountId: number): Installation | null {
  for (const installation of world.state.installations.values()) {
    if (installation.accountId === accountId) return installation;
  }
  return null;
}

/** The installation that covers the repository, or null. */
export function installationFor(world: World, repository: Repository): Installation | null {
  const installation = installationOn(world, repository.ownerId);
  return installation && covers(installation, repository) ? installation : null;
}
