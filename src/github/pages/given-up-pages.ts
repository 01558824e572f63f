import type { GitHubSession } from '../session/session.ts';
import type { SyncError } from '../../errors.ts';
import type { Page } from './page.ts';

/** The result for a page that was given up: what could be read of it, or why nothing of its list could. */
export type GivenUp = Page | SyncError;

/** Less than the usual time between two sweeps (`SYNC_INTERVAL`): each sweep takes a page apart once. */
const REMEMBERED_MS = 10 * 60_000;
const REMEMBERED_AT_MOST = 500;

const bySession = new WeakMap<GitHubSession, Map<string, { page: GivenUp; until: number }>>();

/**
 * What could be read of a page that was taken apart without success some minutes ago, and the one request to
 * try then.
 */
export function givenUpPage(session: GitHubSession, url: string, now = Date.now()): GivenUp | undefined {
  const known = bySession.get(session)?.get(url);
  return known === undefined || known.until < now ? undefined : known.page;
}

export function rememberGivenUp(session: GitHubSession, url: string, page: GivenUp, now = Date.now()): void {
  const known = bySession.get(session) ?? new Map();
  bySession.set(session, known);
  known.delete(url);
  known.set(url, { page, until: now + REMEMBERED_MS });
  const [oldest] = known.keys();
  if (known.size > REMEMBERED_AT_MOST && oldest !== undefined) known.delete(oldest);
}

export function forgetGivenUp(session: GitHubSession, url: string): void {
  bySession.get(session)?.delete(url);
}
