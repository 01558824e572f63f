import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { followDefaultBranch } from '../listings/refetch-refs.ts';
import { checkAccess, confirmAccess, writeAccess } from './check-access.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { learn } from '../context/repository-facts.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

/** Why the repository's own row is read anew. */
interface Occasion {
  /** what was delivered about it, if anything */
  deliveries: readonly PendingDelivery[];
  /** the `updated_at` that a delivery shows, if one does */
  announced: string | null;
  /** whether the list of its installation was read before, by the same sweep or import */
  isListed: boolean;
}

/** Makes the repository's own row match GitHub's answer. False when the repository is gone. */
export async function refetchRepository(
  deps: SyncDependencies,
  context: RepositoryContext,
  { deliveries, announced, isListed }: Occasion,
): Promise<boolean> {
  const { repository } = context;
  const deleted = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const former = repository.default_branch;
  await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
    const access =
      deliveries.length === 0 && announced === null
        ? await confirmAccess(deps.orm, deps.github, repository, isListed)
        : await checkAccess(deps.orm, deps.github, repository, deleted ? 'deleted' : null);
    await context.save((tx) => writeAccess(tx, repository, access, context.mode === 'full'));
    if (!access.live) {
      learn(repository, { removed_at: new Date().toISOString() });
      return true;
    }
    learn(repository, {
      full_name: access.row.full_name,
      default_branch: access.row.default_branch,
      has_issues: access.row.has_issues,
      has_pull_requests: access.row.has_pull_requests,
      installation_id: access.installationId,
    });
    const isAsNew = announced === null || Date.parse(access.row.updated_at) >= Date.parse(announced);
    return isAsNew && !deleted;
  });
  if (repository.removed_at !== null) return false;
  await followDefaultBranch(context, former !== repository.default_branch);
  return true;
}
