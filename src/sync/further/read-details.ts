import type { DetailTarget } from '../../db/rows/find-details.ts';
import { isUnusableAnswer, type SyncError } from '../../errors.ts';
import { isUnanswered } from '../../github/graphql/query-nodes.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { createDetailPace, LEAST, type DetailPace } from './detail-pace.ts';
import { createDetailsByRest } from './details-by-rest.ts';
import { nothingRead, type DetailsOutcome, type TakeDetails } from './details-outcome.ts';
import { sortDetails, type LackingDetail } from './sort-details.ts';

/** After this many consecutive failures, even for single pull requests, GraphQL itself fails. */
const UNANSWERED_AT_MOST = 3;

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
): Promise<DetailsOutcome> {
  const outcome: DetailsOutcome = structuredClone(nothingRead);
  const rest = createDetailsByRest(context, outcome, take, pace);
  /** consecutive single pull requests that GraphQL did not answer, whatever REST did */
  let unanswered = 0;
  /** once set, only REST is asked */
  let graphqlError: SyncError | null = null;
  /** those whose lists lacked something, without an error: stored only when they were requested once more */
  const short: DetailTarget[] = [];
  const requestedAgain = new Set<number>();

  /** @returns the pull requests whose detail the answer lacks, and why */
  async function ask(chunk: readonly DetailTarget[], children: number): Promise<LackingDetail[]> {
    const ids = chunk.map(({ node_id: nodeId }) => nodeId);
    const { details, date } = await context.api.pullRequestDetails(ids, children);
    rest.answered();
    const { had, lacking, notFound, cutShort } = sortDetails(chunk, details, requestedAgain);
    outcome.notFound.push(...notFound);
    short.push(...cutShort);
    const left = await take(had, date);
    const numbers = new Set(left.map(({ number }) => number));
    outcome.leftOut.push(...left);
    outcome.had.push(...had.flatMap(({ number }) => (numbers.has(number) ? [] : [number])));
    return lacking;
  }

  function readByRest(target: DetailTarget, cause: SyncError): Promise<void> {
    return rest.read(target, cause, graphqlError !== null || !isUnusableAnswer(cause));
  }

  async function readAlone(target: DetailTarget, children: number, again = true): Promise<void> {
    if (graphqlError !== null) return readByRest(target, graphqlError);
    try {
      for (const { error } of await ask([target], children)) await readByRest(target, error);
      unanswered = 0;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      // A transient failure should not make it wait for the next sweep.
      if (again && isUnusableAnswer(error)) return readAlone(target, children, false);
      unanswered += 1;
      if (unanswered === UNANSWERED_AT_MOST) graphqlError = error;
      await readByRest(target, error);
    }
  }

  const queue = [...targets];
  const alone: DetailTarget[] = [];
  while (queue.length > 0 && outcome.unavailable === null) {
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
      } else for (const target of chunk) if (outcome.unavailable === null) await readByRest(target, error);
    }
  }
  for (const target of alone) if (outcome.unavailable === null) await readAlone(target, LEAST.children);
  for (const target of short.splice(0)) {
    requestedAgain.add(target.number);
    if (outcome.unavailable === null) await readAlone(target, pace.question().children);
  }
  return outcome;
}
