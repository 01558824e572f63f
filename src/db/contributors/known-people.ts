import { sql } from 'kysely';
import type { Account } from '../../model.ts';
import { sqlOf, type Orm } from '../orm.ts';

/** Contributor ids by GitHub id, and whether the accounts are known as shown. */
export interface KnownAccounts {
  ids: Map<number, number>;
  /** accounts that are new, or differ from the stored ones */
  changed: Account[];
}

export async function knownAccounts(orm: Orm, accounts: readonly Account[]): Promise<KnownAccounts> {
  const distinct = new Map(accounts.map((account) => [account.github_id, account]));
  if (distinct.size === 0) return { ids: new Map(), changed: [] };
  const { rows } = await sql<Account & { id: number }>`
    select id, github_id, login, type, avatar_url from contributors
    where github_id = any(${[...distinct.keys()]}::bigint[])`.execute(sqlOf(orm));
  const known = new Map(rows.map((row) => [row.github_id, row]));
  const changed = [...distinct.values()].filter((account) => {
    const row = known.get(account.github_id);
    return !(
      row &&
      row.login === account.login &&
      row.type === account.type &&
      (account.avatar_url === null || row.avatar_url === account.avatar_url)
    );
  });
  return { ids: new Map(rows.map((row) => [row.github_id, row.id])), changed };
}

/** The owner of each address (lower case), with its GitHub id if it is an account. */
export async function emailOwners(
  orm: Orm,
  emails: readonly string[],
): Promise<Map<string, { id: number; githubId: number | null }>> {
  if (emails.length === 0) return new Map();
  const { rows } = await sql<{ email: string; id: number; githubId: number | null }>`
    select e.email, c.id, c.github_id as "githubId" from contributor_emails e join contributors c on c.id = e.contributor_id
    where e.email = any(${emails}::text[])`.execute(sqlOf(orm));
  return new Map(rows.map((row) => [row.email, row]));
}

/** The accounts with these logins now (lower case); a login of two accounts counts for neither. */
export async function accountsByLogin(orm: Orm, logins: readonly string[]): Promise<Map<string, number>> {
  if (logins.length === 0) return new Map();
  const { rows } = await sql<{ login: string; githubId: number }>`
    select lower(login) as login, min(github_id) as "githubId" from contributors
    where md5(lower(login)) in (select md5(l) from unnest(${logins}::text[]) l)
      and lower(login) = any(${logins}::text[]) and github_id is not null
    group by lower(login) having count(*) = 1`.execute(sqlOf(orm));
  return new Map(rows.map((row) => [row.login, row.githubId]));
}
