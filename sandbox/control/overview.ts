/** What there is, at a glance. */
import { repositoryCount } from '../world/access.ts';
import { defaultHead } from '../resources/branches/branch.ts';
import { fullName } from '../world/lookup.ts';
import type { World } from '../world/world.ts';

/** Accounts, installations and repositories, with the ids that actions take. */
export function overview(world: World): Record<string, unknown[]> {
  const { accounts, installations, repositories } = world.state;
  return {
    accounts: [...accounts.values()].map(({ id, login, type, deleted }) => ({ id, login, type, deleted })),
    installations: [...installations.values()].map((one) => ({
      id: one.id,
      account: accounts.get(one.accountId)?.login,
      selection: one.selection,
      repositories: repositoryCount(world, one),
      suspended: one.suspendedAt !== null,
    })),
    repositories: [...repositories.values()].map((one) => ({
      id: one.id,
      full_name: fullName(world, one),
      visibility: one.visibility,
      head: defaultHead(one),
      refs: one.refs.size,
      issues_and_pulls: one.issues.size,
      open: one.openIssues,
    })),
  };
}
