import { learnIdentities } from '../../db/contributors/identities.ts';
import { knownAccounts } from '../../db/contributors/known-people.ts';
import type { Orm } from '../../db/orm.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import { SyncError } from '../../errors.ts';
import type { Account, InstallationRow } from '../../model.ts';

/**
 * The accounts on which the App is installed, where they are contributors: their logins become those that GitHub shows, since
 * `installation_target.renamed` tells of them before anything that they write does. Nobody becomes a contributor by it.
 *
 * @param asOf when GitHub was asked
 * @returns the people that PostgreSQL refuses
 */
export async function renameOwners(
  orm: Orm,
  installations: readonly InstallationRow[],
  asOf: string,
): Promise<RefusedRow[]> {
  const owners = installations.flatMap(({ account_id, account_login, account_type: type }): Account[] => {
    // An Enterprise's id is of another series, and an account may not be shown at all.
    if ((type !== 'User' && type !== 'Organization') || account_login === '') return [];
    return [{ github_id: account_id, login: account_login, type, avatar_url: null }];
  });
  const { ids, changed } = await knownAccounts(orm, owners);
  const accounts = changed.filter(({ github_id }) => ids.has(github_id));
  if (accounts.length === 0) return [];
  try {
    return await learnIdentities(orm, { accounts, asOf, emails: [], anonymous: [] });
  } catch (error) {
    // The next sweep lists the installations again; a login is no reason to fail this comparison.
    if (error instanceof SyncError && error.code === 'LEASE_BUSY') return [];
    throw error;
  }
}
