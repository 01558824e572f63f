import { createHash } from 'node:crypto';
import type { Account } from '../../model.ts';

/** An author without an account: only the e-mail address is known. */
export interface AnonymousAuthor {
  email: string;
  name: string | null;
}

export interface LearnedEmail {
  email: string;
  githubId: number;
  name: string | null;
}

export interface Evidence {
  /** accounts as an answer or payload shows them */
  accounts: readonly Account[];
  /** the date of that answer or payload: an older one never renames anybody */
  asOf: string;
  /** addresses (lower case) that GitHub links to an account */
  emails: readonly LearnedEmail[];
  anonymous: readonly AnonymousAuthor[];
}

/** The same evidence in two parts, accounts before their addresses; null if it is about a single one. */
export function halvesOf({ accounts, asOf, emails, anonymous }: Evidence): [Evidence, Evidence] | null {
  const count = accounts.length + emails.length + anonymous.length;
  if (count < 2) return null;
  const middle = Math.ceil(count / 2);
  const part = (from: number, to: number): Evidence => {
    const cut = <One>(list: readonly One[], offset: number) =>
      list.slice(Math.max(0, from - offset), Math.max(0, to - offset));
    return {
      accounts: cut(accounts, 0),
      asOf,
      emails: cut(emails, accounts.length),
      anonymous: cut(anonymous, accounts.length + emails.length),
    };
  };
  return [part(0, middle), part(middle, count)];
}

/**
 * What a single piece of evidence is about: an account's id, or a digest of an address, which keeps it private.
 */
export function nameOf({ accounts, emails, anonymous }: Evidence): { table: string; key: string } {
  const [account] = accounts;
  if (account !== undefined) return { table: 'contributors', key: String(account.github_id) };
  const email = emails[0]?.email ?? anonymous[0]?.email ?? '';
  return { table: 'contributor_emails', key: `md5 ${createHash('md5').update(email).digest('hex')}` };
}
