import { learnIdentities } from '../../db/contributors/identities.ts';
import { knownAccounts } from '../../db/contributors/known-people.ts';
import type { Orm } from '../../db/orm.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import { SyncError } from '../../errors.ts';
import type { Account, InstallationRow } from '../../model.ts';

/**
 * Updates the logins of contributors that are accounts with an installation: `installation_target.renamed` announces
 * a new login before anything that the account writes shows it. Accounts that are no contributors are left out.
 *
 * @param asOf GitHub's time of its answer: other answers are dated by it too, and the newest is kept
 * @returns the rows that PostgreSQL rejects
 */
export async function renameOwners(
  orm: Orm,
  installations: readonly InstallationRow[],
  asOf: string,
): Promise<RefusedRow[]> {
  const owners = installations.flatMap(({ account_id, account_login, account_type: type }): Account[] => {
    // The ids of Enterprises are a series of their own, and an account may be missing.
    if ((type !== 'User' && type !== 'Organization') || account_login === '') return [];
    return [{ github_id: account_id, login: account_login, type, avatar_url: null }];
  });
  const { ids, changed } = await knownAccounts(orm, owners);
  const accounts = changed.filter(({ github_id }) => ids.has(github_id));
  if (accounts.length === 0) return [];
  try {
    return await learnIdentities(orm, { accounts, asOf, emails: [], anonymous: [] });
  } catch (error) {
    // The next sweep lists the installations again; an old login is no reason to fail this comparison.
    if (error instanceof SyncError && error.code === 'LEASE_BUSY') return [];
    throw error;
  }
}
