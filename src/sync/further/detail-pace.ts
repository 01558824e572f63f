import type { SyncError } from '../../errors.ts';

/** How many pull requests one query for details covers, and how much of each. */
export interface DetailQuestion {
  pullRequests: number;
  /** reviews, and review threads, on a page of each */
  children: number;
}

/**
 * From the usual query to the smallest: GitHub gives up on large ones (502 above 25 elements), and a page of a
 * hundred can be too much by itself.
 */
const questions: readonly DetailQuestion[] = [
  { pullRequests: 25, children: 100 },
  { pullRequests: 12, children: 50 },
  { pullRequests: 5, children: 25 },
  { pullRequests: 1, children: 25 },
];

/** The query about a pull request whose detail is unavailable otherwise. */
export const LEAST: DetailQuestion = { pullRequests: 1, children: 5 };

/** How many pull requests the usual query covers. */
export const MAX_DETAILS = 25;

/**
 * How many pull requests are read by REST in one round, if GraphQL does not answer: a hundred requests, of the
 * smallest rate limit's 5,000 an hour.
 */
const BY_REST = 25;

/** The size of queries for details, smaller after each failure. */
export interface DetailPace {
  question(): DetailQuestion & { isLeast: boolean };
  shrink(): void;
  /**
   * Whether one more may be read by REST.
   *
   * @param cause why GraphQL does not show it
   */
  mayUseRest(cause: SyncError): boolean;
}

/**
 * @param least starts with the smallest query
 * @param isForRest whether REST is used where GraphQL failed like this
 */
export function createDetailPace(least = false, isForRest = (_cause: SyncError) => true): DetailPace {
  let at = least ? questions.length : 0;
  let byRest = 0;
  return {
    question: () => ({ ...(questions[at] ?? LEAST), isLeast: at >= questions.length }),
    shrink: () => {
      at += 1;
    },
    mayUseRest: (cause) => isForRest(cause) && (byRest += 1) <= BY_REST,
  };
}
