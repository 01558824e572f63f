/** A user's association with a repository. */
import type { Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** OpenAPI `author-association`, in the sandbox's simple society: owners, mannequins, and contributors. */
export function association(world: World, repository: Repository, accountId: number | null): string {
  if (accountId === null) return 'NONE';
  if (accountId === repository.ownerId) return 'OWNER';
  const account = world.state.accounts.get(accountId);
  if (!account || account.deleted) return 'NONE';
  return account.type === 'Mannequin' ? 'MANNEQUIN' : 'CONTRIBUTOR';
}
