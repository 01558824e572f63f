import type { DetailTarget } from '../../db/rows/find-details.ts';
import { pullRequestReviewThreads } from '../../entities/pull-request-review-threads.ts';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import { isUnanswered } from '../../github/graphql/query-nodes.ts';
import type { PullRequestDetail } from '../../github/graphql/pull-request-detail.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { createDetailPace, LEAST, type DetailPace } from './detail-pace.ts';

/** A pull request whose detail could not be read, and why. */
export interface LeftOut {
  number: number;
  error: SyncError;
}

export interface DetailsRead {
  /** the numbers of those that GitHub does not show */
  notFound: number[];
  /** the numbers of those that are completely stored */
  had: number[];
  leftOut: LeftOut[];
  /** those that REST showed in full, except for their review threads */
  withoutThreads: LeftOut[];
  /** why the rest was not requested: GitHub itself fails; null if everything was */
  away: SyncError | null;
}

export const nothingRead: DetailsRead = {
  notFound: [],
  had: [],
  leftOut: [],
  withoutThreads: [],
  away: null,
};

/** After this many consecutive failures, even for single pull requests, GraphQL fails, or all of GitHub. */
const FAILED_AT_MOST = 3;

/** Stores details; returns those that could not be stored in full. */
export type TakeDetails = (details: readonly PullRequestDetail[], date: string) => Promise<LeftOut[]>;

/**
 * Requests the details of pull requests and passes them on. If a query is too large for GitHub, smaller ones
 * are sent, down to single pull requests. One that is unavailable even by itself is read by REST, all but its review
 * threads; if REST does not answer either, it is left out and delays no other. One whose lists are shorter than
 * GitHub counts is requested once more; a count may also differ for good.
 *
 * @throws what would affect every other query too: a rate limit, lost credentials
 */
export async function readDetails(
  context: RepositoryFacts,
  targets: readonly DetailTarget[],
  take: TakeDetails,
  pace: DetailPace = createDetailPace(),
): Promise<DetailsRead> {
  const read: DetailsRead = structuredClone(nothingRead);
  let failed = 0;
  /** consecutive single pull requests that GraphQL did not answer, whatever REST did */
  let unanswered = 0;
  let graphqlAway: SyncError | null = null;
  /** those whose lists lacked something, without an error: stored only when they were requested once more */
  const short: DetailTarget[] = [];
  const requestedAgain = new Set<number>();

  /** @returns the pull requests whose detail the answer lacks, and why */
  async function ask(chunk: readonly DetailTarget[], children: number): Promise<Odd[]> {
    const ids = chunk.map(({ node_id: nodeId }) => nodeId);
    const { details, date } = await context.api.pullRequestDetails(ids, children);
    failed = 0;
    const { had, odd, notFound, cutShort } = sortDetails(chunk, details, requestedAgain);
    read.notFound.push(...notFound);
    short.push(...cutShort);
    const left = await take(had, date);
    const numbers = new Set(left.map(({ number }) => number));
    read.leftOut.push(...left);
    read.had.push(...had.flatMap(({ number }) => (numbers.has(number) ? [] : [number])));
    return odd;
  }

  async function readAlone(target: DetailTarget, children: number, again = true): Promise<void> {
    if (graphqlAway !== null) return readByRest(target, graphqlAway);
    try {
      for (const { error } of await ask([target], children)) await readByRest(target, error);
      unanswered = 0;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      // A transient failure should not make it wait for the next sweep.
      if (again && isUnusableAnswer(error)) return readAlone(target, children, false);
      unanswered += 1;
      if (unanswered === FAILED_AT_MOST) graphqlAway = error;
      await readByRest(target, error);
    }
  }

  /** @param cause why GraphQL is not asked */
  async function readByRest(target: DetailTarget, cause: SyncError): Promise<void> {
    const { number } = target;
    const mayAsk = pace.mayUseRest(cause);
    const answer = mayAsk ? await orError(context.api.pullRequestByRest(number)) : cause;
    if (answer === null) read.notFound.push(number);
    else if (answer instanceof SyncError || answer.detail.id !== target.id) {
      if (mayAsk) failed += 1;
      if (isUnusableAnswer(cause)) read.leftOut.push({ number, error: cause });
      const isWithoutGraphql = graphqlAway !== null || !isUnusableAnswer(cause);
      if (failed === FAILED_AT_MOST || (isWithoutGraphql && !mayAsk)) read.away = cause;
    } else {
      failed = 0;
      const { detail, date } = answer;
      const lacksThreads = !detail.complete && context.kinds.has(pullRequestReviewThreads.name);
      const left = await take([{ ...detail, error: detail.error ?? (lacksThreads ? cause : null) }], date);
      for (const one of left) (one.error === cause ? read.withoutThreads : read.leftOut).push(one);
      if (left.length === 0) read.had.push(number);
    }
  }

  const queue = [...targets];
  const alone: DetailTarget[] = [];
  while (queue.length > 0 && read.away === null) {
    const { pullRequests, children, isLeast } = pace.question();
    const chunk = queue.splice(0, pullRequests);
    const [single] = chunk;
    if (isLeast && single !== undefined) {
      await readAlone(single, children);
      continue;
    }
    try {
      alone.push(...(await ask(chunk, children)).map(({ target }) => target));
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      if (isUnusableAnswer(error)) {
        pace.shrink();
        queue.unshift(...chunk);
      } else for (const target of chunk) if (read.away === null) await readByRest(target, error);
    }
  }
  for (const target of alone) if (read.away === null) await readAlone(target, LEAST.children);
  for (const target of short.splice(0)) {
    requestedAgain.add(target.number);
    if (read.away === null) await readAlone(target, pace.question().children);
  }
  return read;
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

interface Odd {
  target: DetailTarget;
  error: SyncError;
}

/**
 * Which of the requested pull requests GitHub shows, shows with lists that are too short, cannot show, or does not have.
 *
 * @param accepted numbers of those whose lists may be too short
 */
function sortDetails(
  chunk: readonly DetailTarget[],
  details: readonly (PullRequestDetail | SyncError | null)[],
  accepted: ReadonlySet<number>,
) {
  const had: PullRequestDetail[] = [];
  const odd: Odd[] = [];
  const notFound: number[] = [];
  const cutShort: DetailTarget[] = [];
  for (const [index, target] of chunk.entries()) {
    const detail = details[index];
    if (detail === null) notFound.push(target.number);
    else if (detail instanceof SyncError) odd.push({ target, error: detail });
    else if (detail?.id === target.id) {
      const isShort = !detail.complete && detail.error === null && !accepted.has(target.number);
      if (isShort) cutShort.push(target);
      else had.push(detail);
    } else odd.push({ target, error: other(target) });
  }
  return { had, odd, notFound, cutShort };
}

function other({ number }: DetailTarget): SyncError {
  return new SyncError('GITHUB_BAD_ANSWER', `GraphQL shows another pull request than ${number}`);
}
