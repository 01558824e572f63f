/** Inputs that many actions share, and their meanings. */
import { z } from 'zod';
import { createAccount } from './accounts/account.ts';
import { GHOST_ID, needAccount, needIssue, needRepository, ownerOf } from '../world/lookup.ts';
import type { Account, Issue, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** `owner/name` or GitHub's id. */
export const repo = z.union([z.string(), z.number()]);

/** The login of who does it. */
export const by = z.string().optional();

export const number = z.number().int();

/** Who acts: the login given, else the owner where that is a user, else the first user there is. */
export function actor(world: World, login: string | undefined, repository?: Repository): Account {
  if (login !== undefined) return needAccount(world, login);
  const owner = repository && ownerOf(world, repository);
  if (owner?.type === 'User') return owner;
  for (const account of world.state.accounts.values()) {
    if (account.type === 'User' && !account.deleted && account.id !== GHOST_ID) return account;
  }
  return createAccount(world, { login: 'octocat', name: 'Mona Lisa' });
}

/** The repository of an input and who acts on it. */
export function target(
  world: World,
  input: { repo: string | number; by?: string | undefined },
): { repository: Repository; who: Account } {
  const repository = needRepository(world, input.repo);
  return { repository, who: actor(world, input.by, repository) };
}

/** The issue or pull request of an input, its repository, and who acts on it. */
export function issueTarget(
  world: World,
  input: { repo: string | number; number: number; by?: string | undefined },
): { repository: Repository; who: Account; issue: Issue } {
  const found = target(world, input);
  return { ...found, issue: needIssue(found.repository, input.number) };
}

/** Leaves out keys that were not given, as optional parameters want them. */
export function given<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.assign(Object.create(Object.prototype), Object.fromEntries(kept));
}
