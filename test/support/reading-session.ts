import { serverOf } from '../../src/github/session/server.ts';
import type { GitHubSession } from '../../src/github/session/session.ts';

function none(): Promise<never> {
  return Promise.reject(new Error('not asked for here'));
}

/** A session at `base` that answers `get` and nothing else. */
export function readingSession(base: string, get: GitHubSession['get']): GitHubSession {
  return {
    server: serverOf(base),
    installationId: 1,
    idPaths: true,
    get,
    getExact: none,
    getUnfollowed: none,
    post: none,
    patch: none,
    graphql: none,
    authenticate: () => Promise.resolve(true),
    expect: () => undefined,
  };
}
