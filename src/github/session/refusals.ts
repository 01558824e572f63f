import { RequestError } from '@octokit/request-error';
import { entities } from '../../entities/index.ts';
import type { Entity } from '../../entities/entity.ts';
import { SyncError } from '../../errors.ts';
import type { Credentials } from './installation-octokit.ts';
import { bodyMessage, isMinting } from './translate-error.ts';

/** A refusal that contradicts the token's own permissions is believed once it has lasted this long. */
const BELIEVED_AFTER_MS = 10 * 60_000;
/** How soon a transient refusal is retried. */
const AGAIN_MS = 10_000;

type Needed = readonly [place: string, permissions: readonly string[]];

/** Where a kind is read: the paths of its lists, in REST or as a field of GraphQL's. */
function placesOf({ list, probe }: Entity): string[] {
  const fields = probe.flatMap((field) => /^\w+/.exec(field) ?? []);
  if ('path' in list) return [list.path.slice(1), ...fields];
  return 'connection' in list ? [list.connection.field, list.byName.field, ...fields] : fields;
}

/** What is read beside lists of kinds, aliases of GraphQL's fields included. */
const besides: readonly Needed[] = [
  ['(l\\d+|total)', ['issues']],
  ['(pullRequests|reviews|reviewThreads)', ['pull_requests']],
  ['(commits|compare|git|r\\d+|defaultBranchRef)', ['contents']],
];

/** Any of these permissions lets a place be read (OpenAPI). A list of comments is below another kind's: the longer path counts. */
const needed = entities
  .flatMap((entity) => placesOf(entity).map((place): Needed => [place, entity.permissions]))
  .concat(besides)
  .toSorted(([a], [b]) => b.length - a.length)
  .map(([place, permissions]) => ({ pattern: new RegExp(`/${place}(/|$)`), permissions }));

/** The permissions of which one is needed; metadata for the rest. */
function permissionsFor(path: string): readonly string[] {
  return needed.find(({ pattern }) => pattern.test(path))?.permissions ?? ['metadata'];
}

/** True for a 403 that a token with other permissions may cure. */
export function isForbidden(error: unknown): error is RequestError {
  return (
    error instanceof RequestError &&
    error.status === 403 &&
    !isMinting(error) &&
    /not accessible by integration/i.test(bodyMessage(error))
  );
}

/**
 * Classifies an installation's 403s. Only a proven lack of a permission counts as one: the current token lacks
 * it, or GitHub has kept refusing for ten minutes. Any other 403 may be transient.
 */
export function createRefusals(credentials: Pick<Credentials, 'granted'>, now: () => number = Date.now) {
  const since = new Map<string, number>();

  async function judge(path: string, message: string): Promise<SyncError> {
    const permissions = permissionsFor(path);
    const first = since.get(String(permissions)) ?? now();
    since.set(String(permissions), first);
    const granted = await credentials.granted().catch(() => null);
    const proven = /not accessible by integration/i.test(message)
      ? granted !== null && !permissions.some((one) => granted.has(one))
      : false;
    if (proven || now() - first > BELIEVED_AFTER_MS) return new SyncError('PERMISSION_MISSING', message);
    return new SyncError('ACCESS_REFUSED', message, { retryAfterMs: AGAIN_MS });
  }

  return {
    judge,
    /** GitHub answered a path: a later refusal of it is a new one. */
    answered: (path: string): void => {
      if (since.size === 0) return;
      since.delete(String(permissionsFor(path)));
    },
  };
}
