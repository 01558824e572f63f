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

/** The paths in REST where a kind is listed, as patterns: for a repository, and for one parent. */
function pathsOf({ list }: Entity): string[] {
  if (!('path' in list)) return [];
  const ofParent = list.by === 'since' ? list.ofParent?.(1).replace('/1/', '/\\d+/') : undefined;
  return ofParent === undefined ? [list.path] : [list.path, ofParent];
}

/** The fields in GraphQL that show a kind. */
function fieldsOf({ list, probe }: Entity): string[] {
  const probed = probe.flatMap((field) => /^\w+/.exec(field) ?? []);
  return 'connection' in list ? [list.connection.field, list.byName.field, ...probed] : probed;
}

function neededBy(placesOf: (entity: Entity) => string[]): Needed[] {
  return entities.flatMap((entity) => placesOf(entity).map((place): Needed => [place, entity.permissions]));
}

/** Any of these permissions allows reading a path (OpenAPI). Comments are listed below another kind: the longest path counts. */
const paths = [...neededBy(pathsOf), ['/(commits|compare|git)', ['contents']] satisfies Needed]
  .toSorted(([a], [b]) => b.length - a.length)
  .map(([path, permissions]) => ({ pattern: new RegExp(`^${path}(/|$)`), permissions }));

/** The same for fields, including those of no kind and aliases. */
const fields = [
  ...neededBy(fieldsOf),
  ['(l\\d+|total)', ['issues']] satisfies Needed,
  ['(pullRequests|reviews|reviewThreads)', ['pull_requests']] satisfies Needed,
  ['(r\\d+|defaultBranchRef)', ['contents']] satisfies Needed,
].map(([field, permissions]) => ({ pattern: new RegExp(`/${field}(/|$)`), permissions }));

/** The rest is relative to the repository, so that no name of a repository, label or branch counts as a kind. */
const repositoryRoot = /^.*?\/(?:repositories\/\d+|repos\/[^/]+\/[^/]+)(?=\/|$)/;

/**
 * The permissions of which one is needed; metadata for everything else.
 *
 * @param path of a URL, or of an error in GraphQL's answer
 */
function permissionsFor(path: string): readonly string[] {
  const below = path.replace(repositoryRoot, '');
  const needed = below === path ? fields : paths;
  return needed.find(({ pattern }) => pattern.test(below))?.permissions ?? ['metadata'];
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

export type Refusals = ReturnType<typeof createRefusals>;
