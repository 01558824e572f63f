/** Things beside the one that is shown, as far as the viewer sees them. */
import type { Json } from '../../world/context.ts';
import { findRepository } from '../../world/lookup.ts';
import type { Repository } from '../../world/types.ts';
import { sees, type Reading } from '../../graphql/viewer.ts';

/** Who wrote something. Null for a deleted account: unlike REST there is no ghost. */
export function actorNode(viewer: Reading, id: number | null): Json | null {
  const account = viewer.context.world.state.accounts.get(id ?? 0);
  return account && !account.deleted ? viewer.show.account(account) : null;
}

/** The repository of that `owner/name` if the viewer sees it, under an old name only with `followRenames`. */
export function findVisible(viewer: Reading, name: string, followRenames: boolean): Repository | null {
  const found = findRepository(viewer.context.world, name);
  if (!found || (found.moved && !followRenames) || !sees(viewer, found.repository)) return null;
  return found.repository;
}

/** A repository by its id if the viewer sees it, else null. */
export function relatedRepository(viewer: Reading, id: number | null): Json | null {
  const repository = viewer.context.world.state.repositories.get(id ?? 0);
  return repository && sees(viewer, repository) ? viewer.show.repository(repository) : null;
}
