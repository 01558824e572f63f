/** The names of repositories: claiming them, changing them, and the redirects that old names leave behind. */
import { WorldError } from '../../world/errors.ts';
import { fullName } from '../../world/lookup.ts';
import type { Account, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/** Takes the repository's present full name; a redirect from it ends (reusing an old name breaks the redirect). */
export function claimName(world: World, repository: Repository): void {
  const key = fullName(world, repository).toLowerCase();
  const holder = world.index.fullNames.get(key);
  if (holder !== undefined && holder !== repository.id) {
    throw new WorldError(`name already exists on this account: ${key}`);
  }
  world.index.fullNames.set(key, repository.id);
  world.state.redirects.delete(key);
}

/** Gives the present full name up. */
export function releaseName(world: World, repository: Repository): void {
  world.index.fullNames.delete(fullName(world, repository).toLowerCase());
}

/** Runs `change`, which alters the repository's full name; the old name then redirects. Undone when the new one is taken. */
export function moveName(world: World, repository: Repository, change: () => void, undo: () => void): void {
  const old = fullName(world, repository).toLowerCase();
  releaseName(world, repository);
  change();
  try {
    claimName(world, repository);
  } catch (error) {
    undo();
    claimName(world, repository);
    throw error;
  }
  if (!world.index.fullNames.has(old)) world.state.redirects.set(old, repository.id);
  touch(repository);
}

/** Runs `change`, which alters the owner's login; the old names of its repositories then redirect. */
export function redirectNames(world: World, owner: Account, change: () => void): void {
  const own = [...world.state.repositories.values()].filter(({ ownerId }) => ownerId === owner.id);
  const before = own.map((repository) => fullName(world, repository).toLowerCase());
  for (const repository of own) releaseName(world, repository);
  change();
  for (const repository of own) {
    claimName(world, repository);
    touch(repository);
  }
  own.forEach((repository, at) => {
    const old = before[at];
    if (old !== undefined && !world.index.fullNames.has(old)) world.state.redirects.set(old, repository.id);
  });
}
