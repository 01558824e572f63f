import type { DetailTarget } from '../../db/rows/find-details.ts';
import { pullRequestReviewThreads } from '../../entities/pull-request-review-threads.ts';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { DetailPace } from './detail-pace.ts';
import type { DetailsOutcome, TakeDetails } from './details-outcome.ts';

/** After this many consecutive failures of REST as well, all of GitHub fails. */
const FAILED_AT_MOST = 3;

/** What REST shows of pull requests whose detail GraphQL does not: all but the review threads. */
export interface DetailsByRest {
  /**
   * @param cause why GraphQL does not show it
   * @param isForAll it shows no other either: if REST may not be asked, none can be read
   */
  read(target: DetailTarget, cause: SyncError, isForAll: boolean): Promise<void>;
  /** GitHub answered: the failures before that were not its own. */
  answered(): void;
}

/** @param outcome receives what was read, and what was not */
export function createDetailsByRest(
  context: RepositoryFacts,
  outcome: DetailsOutcome,
  take: TakeDetails,
  pace: DetailPace,
): DetailsByRest {
  let failed = 0;

  return {
    answered: () => void (failed = 0),
    async read(target, cause, isForAll) {
      const { number } = target;
      const mayAsk = pace.mayUseRest(cause);
      const answer = mayAsk ? await orError(context.api.pullRequestByRest(number)) : cause;
      if (answer === null) outcome.notFound.push(number);
      else if (answer instanceof SyncError || answer.detail.id !== target.id) {
        if (mayAsk) failed += 1;
        if (isUnusableAnswer(cause)) outcome.leftOut.push({ number, error: cause });
        if (failed === FAILED_AT_MOST || (isForAll && !mayAsk)) outcome.unavailable = cause;
      } else {
        failed = 0;
        const { detail, date } = answer;
        const lacksThreads = !detail.complete && context.kinds.has(pullRequestReviewThreads.name);
        const left = await take([{ ...detail, error: detail.error ?? (lacksThreads ? cause : null) }], date);
        for (const one of left) (one.error === cause ? outcome.withoutThreads : outcome.leftOut).push(one);
        if (left.length === 0) outcome.had.push(number);
      }
    },
  };
}

/** The answer; or why GitHub gave none that concerns this one alone. */
async function orError<T>(asked: Promise<T>): Promise<T | SyncError> {
  try {
    return await asked;
  } catch (error) {
    if (isUnusableAnswer(error) || (error instanceof SyncError && error.code === 'NOT_FOUND')) return error;
    throw error;
  }
}
