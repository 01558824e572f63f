import { SyncError } from '../../errors.ts';
import type { GitHubSession } from './session.ts';

/** A session that sends no further GraphQL queries once GraphQL was given up. */
export interface GuardedSession {
  session: GitHubSession;
  /**
   * From now on each GraphQL query fails with `GRAPHQL_UNAVAILABLE` without being sent; REST works as before.
   */
  giveUp: (cause: SyncError) => void;
  /** why GraphQL was given up, or null */
  givenUp: () => SyncError | null;
}

/**
 * GraphQL may fail for weeks, for one repository or for all, while REST answers. Whoever finds that out says so
 * once, so that the rest of the work sends no queries in vain.
 */
export function guardGraphql(session: GitHubSession): GuardedSession {
  let reason: SyncError | null = null;
  return {
    giveUp: (cause) => {
      reason ??= new SyncError('GRAPHQL_UNAVAILABLE', `while REST answers, ${cause.message}`, { cause });
    },
    givenUp: () => reason,
    session: {
      ...session,
      // Not copied: all sessions of the installation share what one of them finds out.
      get idPaths() {
        return session.idPaths;
      },
      set idPaths(known) {
        session.idPaths = known;
      },
      async graphql(...question) {
        if (reason !== null) throw reason;
        return session.graphql(...question);
      },
    },
  };
}
