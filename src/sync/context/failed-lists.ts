import { SyncError, type ErrorCode } from '../../errors.ts';
import type { GitHub } from '../../github/client.ts';
import { isGitHubAway } from '../is-git-hub-away.ts';
import type { RepositoryFacts } from './repository-facts.ts';

/** What one list of a repository can meet while the next is answered. */
const ofOneList = new Set<ErrorCode>([
  'GITHUB_UNAVAILABLE',
  'GITHUB_BAD_ANSWER',
  'GRAPHQL_UNAVAILABLE',
  'ACCESS_REFUSED',
  'LIST_SHIFTED',
  'NOT_FOUND',
  'NOT_YET_VISIBLE',
]);

/** The lists of a repository that failed as a whole: all others are compared before the round fails for them. */
export interface FailedLists {
  /**
   * Keeps why a list failed.
   *
   * @throws the error itself where the next list would fare no better, or where it is no list's
   */
  keep(error: unknown): Promise<SyncError>;
  /** @throws the first that was kept; that GraphQL does not answer only where there is no other, for which a round is tried again */
  throwFirst(): void;
  any(): boolean;
}

export function createFailedLists(github: GitHub, { api }: Pick<RepositoryFacts, 'api'>): FailedLists {
  let first: SyncError | null = null;

  async function isOfAll({ code }: SyncError): Promise<boolean> {
    if (code === 'GITHUB_UNAVAILABLE') return isGitHubAway(github);
    return code === 'NOT_FOUND' && (await api.repository()).state !== 'found';
  }

  return {
    any: () => first !== null,
    throwFirst: () => {
      if (first !== null) throw first;
    },
    keep: async (error) => {
      if (!(error instanceof SyncError) || !ofOneList.has(error.code)) throw error;
      if (error !== first && (await isOfAll(error))) throw error;
      if (first === null || first.code === 'GRAPHQL_UNAVAILABLE') first = error;
      return error;
    },
  };
}
