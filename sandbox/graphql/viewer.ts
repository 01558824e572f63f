/** Who asks, and what they may see. */
import type { RepositoryPermission } from '../http/call.ts';
import type { Bucket } from '../http/limits.ts';
import type { Context, Json } from '../world/context.ts';
import { covers } from '../world/access.ts';
import type { Account, Commit, Installation, Issue, Repository, Token } from '../world/types.ts';
import { failure, forbidden } from './errors.ts';

export interface Viewer {
  /** The world as this request sees it. */
  context: Context;
  installation: Installation;
  token: Pick<Token, 'permissions' | 'repositoryIds'>;
  /** The GraphQL bucket before this request. */
  rate: Bucket;
  /** Breaks the query off half-way, as GitHub does with one that needs too much work. */
  exhausted?: boolean;
}

/** The types that lead to each other, each shown for this viewer. */
interface Show {
  account(account: Account): Json;
  commit(repository: Repository, commit: Commit): Json;
  /** An `Issue` or a `PullRequest`. */
  item(repository: Repository, item: Issue): Json;
  /** By its full name, which must exist. */
  ref(repository: Repository, name: string): Json;
  repository(repository: Repository): Json;
}

/** A query while it is answered. */
export interface Reading extends Viewer {
  show: Show;
}

/** Whether the installation's token reaches the repository. */
function reaches(viewer: Viewer, repository: Repository): boolean {
  const { repositoryIds } = viewer.token;
  if (!covers(viewer.installation, repository)) return false;
  return repositoryIds === null || repositoryIds.includes(repository.id);
}

/** Whether the repository exists for the viewer: within reach, or public. */
export function sees(viewer: Viewer, repository: Repository): boolean {
  return repository.visibility === 'public' || reaches(viewer, repository);
}

/** Refuses a repository that GitHub itself has taken down. Throws GraphQLError. */
export function refuseBlocked(repository: Repository): void {
  if (repository.block) throw failure('FORBIDDEN', 'Repository access blocked');
}

/**
 * Refuses what the token was not minted with any of these permissions for, or the installation no longer grants any of; what is
 * public needs none. Throws GraphQLError.
 */
export function demand(
  viewer: Viewer,
  repository: Repository,
  ...permissions: readonly RepositoryPermission[]
): void {
  if (repository.visibility === 'public' && !reaches(viewer, repository)) return;
  const { installation, token } = viewer;
  const granted = permissions.some(
    (one) => installation.permissions[one] !== undefined && token.permissions[one] !== undefined,
  );
  if (!granted) throw forbidden();
}
