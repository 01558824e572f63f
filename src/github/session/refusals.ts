import { RequestError } from '@octokit/request-error';
import { SyncError } from '../../errors.ts';
import type { Credentials } from './installation-octokit.ts';
import { bodyMessage, isMinting } from './translate-error.ts';

/** A refusal that contradicts the token's own permissions is believed when it has lasted so long. */
const BELIEVED_AFTER_MS = 10 * 60_000;
/** A refusal that may pass is asked again after so long. */
const AGAIN_MS = 10_000;

/** Which of an installation's permissions a path needs (OpenAPI), in REST or to a field of GraphQL's; metadata for the rest. */
const needed: readonly (readonly [RegExp, string])[] = [
  [/\/(issues|l\d+|total|labels|milestones)(\/|$)/, 'issues'],
  [/\/(pulls|pullRequests|reviews|reviewThreads)(\/|$)/, 'pull_requests'],
  [
    /\/(branches|commits|compare|git|releases|refs|ref|r\d+|defaultBranchRef|latestRelease)(\/|$)/,
    'contents',
  ],
];

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
 * Judges the 403s of one installation. Only a missing permission that is proven is told as one: the token in use
 * lacks it, or GitHub has kept refusing for ten minutes. Every other 403 may pass.
 */
export function createRefusals(credentials: Pick<Credentials, 'granted'>, now: () => number = Date.now) {
  const since = new Map<string, number>();

  async function judge(path: string, message: string): Promise<SyncError> {
    const permission = needed.find(([pattern]) => pattern.test(path))?.[1] ?? 'metadata';
    const first = since.get(permission) ?? now();
    since.set(permission, first);
    const granted = await credentials.granted().catch(() => null);
    const proven = /not accessible by integration/i.test(message)
      ? granted !== null && !granted.has(permission)
      : false;
    if (proven || now() - first > BELIEVED_AFTER_MS) return new SyncError('PERMISSION_MISSING', message);
    return new SyncError('ACCESS_REFUSED', message, { retryAfterMs: AGAIN_MS });
  }

  return {
    judge,
    /** GitHub answered a path: what refuses it later is a new refusal. */
    answered: (path: string): void => {
      if (since.size === 0) return;
      since.delete(needed.find(([pattern]) => pattern.test(path))?.[1] ?? 'metadata');
    },
  };
}
