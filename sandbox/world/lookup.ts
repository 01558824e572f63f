/** Finding things by the names people use. */
import { WorldError } from './errors.ts';
import type { Account, Installation, Issue, Network, Pull, Repository } from './types.ts';
import type { World } from './world.ts';

/** GitHub's stand-in for deleted accounts (its real id). */
export const GHOST_ID = 10137;

/** The live account with that login, or null. */
export function accountByLogin(world: World, login: string): Account | null {
  const id = world.index.logins.get(login.toLowerCase());
  return (id !== undefined && world.state.accounts.get(id)) || null;
}

/** The account of that login (or id). Throws WorldError 404. */
export function needAccount(world: World, key: string | number): Account {
  const account =
    typeof key === 'number' ? world.state.accounts.get(key) : (accountByLogin(world, key) ?? undefined);
  if (!account || account.deleted) throw new WorldError(`no account ${key}`, 404);
  return account;
}

/** The account to show for an id: a deleted one is shown as the ghost, as REST does. Null for null. */
export function shownAccount(world: World, id: number | null): Account | null {
  if (id === null) return null;
  const account = world.state.accounts.get(id);
  if (account && !account.deleted) return account;
  return world.state.accounts.get(GHOST_ID) ?? null;
}

export function ownerOf(world: World, repository: Repository): Account {
  const owner = world.state.accounts.get(repository.ownerId);
  if (!owner) throw new WorldError(`repository ${repository.id} has no owner`, 500);
  return owner;
}

export function fullName(world: World, repository: Repository): string {
  return `${ownerOf(world, repository).login}/${repository.name}`;
}

export interface FoundRepository {
  repository: Repository;
  /** True when the name is an old one: REST then answers 301. */
  moved: boolean;
}

/** By `owner/name`, case-insensitive, following renames and transfers. Null when there is none. */
export function findRepository(world: World, name: string): FoundRepository | null {
  const key = name.toLowerCase();
  const id = world.index.fullNames.get(key) ?? world.state.redirects.get(key);
  const repository = id === undefined ? undefined : world.state.repositories.get(id);
  return repository ? { repository, moved: !world.index.fullNames.has(key) } : null;
}

/** The repository of that `owner/name` or id. Throws WorldError 404. */
export function needRepository(world: World, key: string | number): Repository {
  const repository =
    typeof key === 'number' ? world.state.repositories.get(key) : findRepository(world, key)?.repository;
  if (!repository) throw new WorldError(`no repository ${key}`, 404);
  return repository;
}

export function needIssue(repository: Repository, number: number): Issue {
  const issue = repository.issues.get(number);
  if (!issue) throw new WorldError(`no issue or pull request #${number}`, 404);
  return issue;
}

/** The pull request part of `#number`. Throws WorldError 404. */
export function needPull(repository: Repository, number: number): { issue: Issue; pull: Pull } {
  const issue = needIssue(repository, number);
  if (!issue.pull) throw new WorldError(`#${number} is no pull request`, 404);
  return { issue, pull: issue.pull };
}

export function needInstallation(world: World, id: number): Installation {
  const installation = world.state.installations.get(id);
  if (!installation) throw new WorldError(`no installation ${id}`, 404);
  return installation;
}

export function networkOf(world: World, repository: Repository): Network {
  const network = world.state.networks.get(repository.networkId);
  if (!network) throw new WorldError(`repository ${repository.id} has no network`, 500);
  return network;
}
