/** Which account a commit's e-mail belongs to. */
import { accountByLogin } from '../../world/lookup.ts';
import type { Account, Signature } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

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
