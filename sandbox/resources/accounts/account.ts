/** Users, organisations, bots: creating, renaming, deleting them, and what belongs to an e-mail address. */
import { installationOn } from '../../world/access.ts';
import { WorldError } from '../../world/errors.ts';
import { accountByLogin } from '../../world/lookup.ts';
import type { Account, AccountType, Repository, Signature } from '../../world/types.ts';
import { indexAccount, type World } from '../../world/world.ts';
import { uninstall } from '../installations/installation.ts';
import { redirectNames } from '../repositories/repository-name.ts';

export interface TargetRenamedOccurrence {
  event: 'installation_target' | 'organization';
  action: 'renamed';
  account: Account;
  from: string;
  sender: Account;
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    installation_target: TargetRenamedOccurrence;
    organization: TargetRenamedOccurrence;
  }
}

export interface AccountInput {
  login: string;
  type?: AccountType;
  name?: string | null;
  emails?: string[];
  /** A fixed id, for tests that need one. */
  id?: number;
}

/** Creates an account. Throws WorldError when the login is taken. */
export function createAccount(world: World, input: AccountInput): Account {
  if (accountByLogin(world, input.login)) throw new WorldError(`login ${input.login} is taken`);
  const now = world.clock.now();
  const account: Account = {
    id: input.id ?? world.nextId('account', 180_000_000),
    login: input.login,
    type: input.type ?? 'User',
    name: input.name ?? null,
    emails: (input.emails ?? []).map((email) => email.toLowerCase()),
    description: null,
    createdAt: now,
    updatedAt: now,
    deleted: false,
  };
  world.state.accounts.set(account.id, account);
  indexAccount(world.index, account);
  return account;
}

/** Renames an account; the full names of all its repositories change with it, the old ones redirect. */
export function renameAccount(world: World, account: Account, login: string, by: Account): void {
  const taken = accountByLogin(world, login);
  if (taken && taken.id !== account.id) throw new WorldError(`login ${login} is taken`);
  const from = account.login;
  world.index.logins.delete(from.toLowerCase());
  redirectNames(world, account, () => {
    account.login = login;
  });
  account.updatedAt = world.clock.now();
  indexAccount(world.index, account);
  const occurrence = { action: 'renamed' as const, account, from, sender: by };
  world.emit({ event: 'installation_target', ...occurrence });
  if (account.type === 'Organization') world.emit({ event: 'organization', ...occurrence });
}

/**
 * Deletes an account that owns no repositories: the login and the addresses are free again, what was written is shown as the ghost's.
 * No event tells it, but the App is uninstalled there first.
 */
export function deleteAccount(world: World, account: Account): void {
  const owns = [...world.state.repositories.values()].some(({ ownerId }) => ownerId === account.id);
  if (owns) throw new WorldError(`${account.login} owns repositories`);
  const installation = installationOn(world, account.id);
  if (installation) uninstall(world, installation, account);
  account.deleted = true;
  world.index.logins.delete(account.login.toLowerCase());
  for (const email of account.emails) world.index.emails.delete(email);
  account.emails = [];
}

/** Verifies an address for an account: commits already made with it are linked from now on. */
export function addEmail(world: World, account: Account, email: string): void {
  const address = email.toLowerCase();
  if (world.index.emails.has(address)) throw new WorldError(`${email} belongs to another account`);
  account.emails.push(address);
  indexAccount(world.index, account);
}

/** Removes an address: commits made with it lose their link. */
export function removeEmail(world: World, account: Account, email: string): void {
  const address = email.toLowerCase();
  account.emails = account.emails.filter((one) => one !== address);
  if (world.index.emails.get(address) === account.id) world.index.emails.delete(address);
}

const NOREPLY = /^(?:(\d+)\+)?([^@]+)@users\.noreply\.github\.com$/i;

/**
 * The account of an address: a verified one, else a noreply address. `ID+LOGIN@…` keeps its link for ever, `LOGIN@…` belongs to
 * whoever has that login now. Source: GitHub's "setting your commit email address".
 */
export function accountOfEmail(world: World, email: string): Account | null {
  const id = world.index.emails.get(email.toLowerCase());
  if (id !== undefined) return world.state.accounts.get(id) ?? null;
  const noreply = NOREPLY.exec(email);
  if (!noreply) return null;
  const [, number, login = ''] = noreply;
  if (number === undefined) return accountByLogin(world, login);
  const account = world.state.accounts.get(Number(number));
  return account && !account.deleted ? account : null;
}

/** The account behind a signature: `'empty'` where GitHub answers `{}`. */
export function linkedAccount(world: World, signature: Signature | null): Account | 'empty' | null {
  if (!signature) return null;
  return signature.link === 'empty' ? 'empty' : accountOfEmail(world, signature.email);
}

/** OpenAPI `author-association`, in the sandbox's simple society: owners, mannequins, and contributors. */
export function association(world: World, repository: Repository, accountId: number | null): string {
  if (accountId === null) return 'NONE';
  if (accountId === repository.ownerId) return 'OWNER';
  const account = world.state.accounts.get(accountId);
  if (!account || account.deleted) return 'NONE';
  return account.type === 'Mannequin' ? 'MANNEQUIN' : 'CONTRIBUTOR';
}
