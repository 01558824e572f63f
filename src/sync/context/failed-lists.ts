import { SyncError, type ErrorCode } from '../../errors.ts';
import type { GitHub } from '../../github/client.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';
import type { RepositoryFacts } from './repository-facts.ts';

/** Failures that may affect one list of a repository while the next one is answered. */
const ofOneList = new Set<ErrorCode>([
  'GITHUB_UNAVAILABLE',
  'GITHUB_BAD_ANSWER',
  'GRAPHQL_UNAVAILABLE',
  'ACCESS_REFUSED',
  'LIST_SHIFTED',
  'NOT_FOUND',
  'NOT_YET_VISIBLE',
]);

/** Whether an error is about a single list, as far as it tells. */
export function isOfOneList(error: unknown): error is SyncError {
  return error instanceof SyncError && ofOneList.has(error.code);
}

/** The lists of a repository that failed as a whole: all others are compared before the round fails. */
export interface FailedLists {
  /**
   * Keeps why a list failed.
   *
   * @throws the error itself if the next list would fail too, or if it is not about a list
   */
  keep(error: unknown): Promise<SyncError>;
  /**
   * @returns why a list failed
   * @throws as `keep`, but does not keep it
   */
  check(error: unknown): Promise<SyncError>;
  /**
   * @throws the first error that was kept; GRAPHQL_UNAVAILABLE only if there is no other, because others make
   * the round retry
   */
  throwFirst(): void;
  any(): boolean;
}

export function createFailedLists(github: GitHub, { api }: Pick<RepositoryFacts, 'api'>): FailedLists {
  let first: SyncError | null = null;

  async function isOfAll({ code }: SyncError): Promise<boolean> {
    if (code === 'GITHUB_UNAVAILABLE') return isGitHubUnavailable(github);
    return code === 'NOT_FOUND' && (await api.repository()).state !== 'found';
  }

  async function check(error: unknown): Promise<SyncError> {
    if (!isOfOneList(error)) throw error;
    if (error !== first && (await isOfAll(error))) throw error;
    return error;
  }

  return {
    check,
    any: () => first !== null,
    throwFirst: () => {
      if (first !== null) throw first;
    },
    keep: async (failure) => {
      const error = await check(failure);
      if (first === null || first.code === 'GRAPHQL_UNAVAILABLE') first = error;
      return error;
    },
  };
}
