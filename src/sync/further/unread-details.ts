import type { UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { SyncError } from '../../errors.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { isElementDue, saveUnreadOf, withMet } from '../context/unread-elements.ts';
import type { DetailsOutcome } from './details-outcome.ts';

/** The list in `repository_sync.unread`: a repository that has one is compared at every sweep. */
const LIST = 'pull_request_details';
/** How many are requested in one comparison, least recently requested first. */
const AT_ONCE = 20;

/** Pull requests whose detail could not be read; an entry without a number: GitHub did not answer at all. */
export function unreadDetails({ repository }: RepositoryFacts): readonly UnreadElement[] {
  return repository.unread[LIST] ?? [];
}

/** Whether GitHub did not answer the last query for details at all. */
export function wasUnavailable(context: RepositoryFacts): boolean {
  return unreadDetails(context).some(({ number }) => number === null);
}

/** The numbers that are due, at growing intervals, and were not requested since. */
export function longestUnread(context: RepositoryFacts, before: string): number[] {
  // What REST could not show is requested as soon as GraphQL answers again.
  const isBack = context.repository.without_graphql_at !== null && context.graphqlGivenUp() === null;
  const isAgain = context.retryUnread || isBack;
  return unreadDetails(context)
    .filter((one) => one.met_at < before && (isAgain || isElementDue(one)))
    .toSorted((a, b) => a.met_at.localeCompare(b.met_at))
    .flatMap(({ number }) => number ?? [])
    .slice(0, AT_ONCE);
}

/**
 * Records what could not be read for the next sweep, removes what could, and reports it in the log and the job.
 */
export async function recordUnreadDetails(
  context: RepositoryFacts & RepositoryWriter,
  { notFound, had, leftOut: failed, withoutThreads, unavailable }: DetailsOutcome,
): Promise<void> {
  const unseen = notFound.map((number) => ({ number, error: notShown(number) }));
  const leftOut = [...failed, ...withoutThreads, ...unseen];
  for (const { number, error } of leftOut) {
    context.log.warn(
      { number, code: error.code, reason: error.message },
      'the detail of a pull request could not be read',
    );
    context.leftOut.push(error);
  }
  const now = new Date().toISOString();
  const known = unreadDetails(context).filter(({ number }) => number !== null && !had.includes(number));
  const met = leftOut.map(({ number, error }) => ({ number, reason: error.message }));
  const unanswered = unavailable === null ? [] : [{ number: null, reason: unavailable.message }];
  const unread = withMet(known, [...met, ...unanswered], null, now);
  if (unread.length === 0 && unreadDetails(context).length === 0) return;
  await context.save((tx) => saveUnreadOf(tx, context.repository, LIST, unread));
}

function notShown(number: number): SyncError {
  return new SyncError('GITHUB_BAD_ANSWER', `GraphQL does not show pull request ${number}`);
}
