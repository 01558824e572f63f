import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { holdDeliveries } from '../../db/deliveries/hold-deliveries.ts';
import { enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { writeRepositoryFigures } from '../../db/repositories/upsert-repositories.ts';
import { countedKinds } from '../../entities/index.ts';
import { SyncError } from '../../errors.ts';
import {
  answerQuestions,
  asSyncError,
  concernsOneRequest,
  isRateLimit,
  soonest,
  throwIfAllIsBlocked,
  type Asking,
  type Question,
  type Unanswered,
} from './answer-questions.ts';
import { guidsOf } from '../guids-of.ts';
import { planDeliveries } from './plan-deliveries.ts';
import { planQuestions } from './plan-questions.ts';
import { openIssuesSource } from '../context/open-issues.ts';
import type { Switches } from '../context/readable.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { writePayloads } from './write-payloads.ts';

/** Requests about the repository as a whole, which only the caller can make. */
export interface ApplyOptions extends Pick<
  Asking,
  'delays' | 'signal' | 'isUnavailable' | 'blockOfAll' | 'isOver' | 'isHurried'
> {
  /** makes the repository's own row match GitHub; false if it is removed */
  refetchRepository(announced: string | null): Promise<boolean>;
  /** whether a repository still exists of which something answered 404; records it if not */
  isLive(error: SyncError): Promise<boolean>;
  /** whether the installation's current permissions at GitHub leave something out */
  lacksPermission(): Promise<boolean>;
}

export interface Applied {
  /**
   * the whole repository must be compared: a delivery could not be read or was given up, or a kind was switched
   * on again
   */
  compare: boolean;
  /** false if the repository turned out to be removed */
  live: boolean;
  /** why some deliveries are still pending, or were given up */
  error: SyncError | null;
}

/**
 * Applies deliveries: first writes what payloads decide, in one transaction and without asking GitHub; then
 * sends the requests that the payloads leave open. A delivery whose requests cannot be answered is postponed
 * (`holdDeliveries`) and delays no other.
 *
 * @throws TimeSliceExpired if requests are left for the next round, RATE_LIMITED if they wait for a rate limit, and
 * errors that affect all deliveries
 */
export async function applyDeliveries(
  context: RepositoryContext,
  deliveries: readonly PendingDelivery[],
  options: ApplyOptions,
): Promise<Applied> {
  const plan = planDeliveries(deliveries);
  const wasOn = { ...context.repository };
  let open;
  try {
    open = await writePayloads(context, plan, deliveries);
  } catch (error) {
    if (!concernsOneRequest(error, options.signal)) throw error;
    return applyOneByOne(context, deliveries, options, error);
  }
  const failed: Unanswered[] = [];
  /** deliveries that wait for the rate limit which the request about the repository itself needs */
  const waiting: { guids: ReadonlySet<string>; error: SyncError }[] = [];
  const about = new Set([...plan.refetchRepository, ...open.repository.ask]);
  if (open.waiting.size === 0 && about.size === 0) {
    // All of them were completed in the transaction that wrote their payloads.
    const compare = plan.unreadable.length > 0 || isSwitchedOn(wasOn, context.repository);
    return { compare, live: true, error: null };
  }
  if (about.size > 0) {
    try {
      if (!(await options.refetchRepository(open.repository.announced))) {
        await finish(context, deliveries, failed);
        return { compare: false, live: false, error: null };
      }
    } catch (error) {
      if (isRateLimit(error)) waiting.push({ guids: about, error });
      else failed.push({ guids: about, error: await aboutRepositoryAlone(error, options) });
    }
  }
  // GraphQL did not answer before: if it still does not, no delivery waits for what only GraphQL shows.
  if (context.repository.without_graphql_at !== null) await tryGraphql(context);
  const questions = await planQuestions(context, plan, open, deliveries);
  const outcome = await answerQuestions(questions, options);
  failed.push(...outcome.failed);
  await finish(context, deliveries, [...failed, ...outcome.left, ...waiting]);
  const held = await takeFailures(context, failed, options);
  const limited = soonest([...waiting.map(({ error }) => error), outcome.limited]);
  if (held.live && limited !== null) throw limited;
  if (held.live && outcome.left.length > 0) throw new TimeSliceExpired();
  const compare = held.compare || plan.unreadable.length > 0 || isSwitchedOn(wasOn, context.repository);
  return { ...held, compare };
}

/**
 * @returns why the request about the repository itself failed, which keeps no other from being sent
 * @throws `error` if it affects all requests
 */
async function aboutRepositoryAlone(error: unknown, options: ApplyOptions): Promise<unknown> {
  if (!concernsOneRequest(error, options.signal)) throw error;
  if (error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE' && (await options.isUnavailable()))
    throw error;
  await throwIfAllIsBlocked(error, options);
  return error;
}

/** Gives up GraphQL if it still does not answer. While its rate limit is used up, that cannot be told. */
async function tryGraphql(context: RepositoryFacts): Promise<void> {
  await context.probe().catch((error: unknown) => {
    if (!isRateLimit(error)) throw error;
  });
}

/** Whether a kind is on that was off: no delivery announces the rows that reappear. */
function isSwitchedOn(before: Switches, now: Switches): boolean {
  return countedKinds.some(({ name }) => !before[`has_${name}`] && now[`has_${name}`]);
}

/**
 * One of them contains something that cannot be written: process each separately, so that it spoils no other.
 */
async function applyOneByOne(
  context: RepositoryContext,
  deliveries: readonly PendingDelivery[],
  options: ApplyOptions,
  reason: unknown,
): Promise<Applied> {
  const all: Applied = { compare: false, live: true, error: null };
  if (deliveries.length === 1) {
    return takeFailures(context, [{ guids: new Set(guidsOf(deliveries)), error: reason }], options);
  }
  for (const delivery of deliveries) {
    const applied = await applyDeliveries(context, [delivery], options);
    all.compare ||= applied.compare;
    all.error ??= applied.error;
    if (!applied.live) return { ...all, live: false };
  }
  return all;
}

/** Completes the deliveries with no requests left. */
async function finish(
  context: RepositoryFacts & RepositoryWriter,
  deliveries: readonly PendingDelivery[],
  unanswered: readonly (Unanswered | Question)[],
): Promise<void> {
  const waiting = new Set(unanswered.flatMap(({ guids }) => [...guids]));
  const done = guidsOf(deliveries).filter((guid) => !waiting.has(guid));
  await context.save(async (tx) => {
    const source = openIssuesSource(context.repository, context.may);
    await writeRepositoryFigures(tx, context.repository.id, source, null);
    await finishDeliveries(tx, done, 'processed');
  });
}

/** Postpones, gives up or completes the deliveries whose requests were not answered. */
async function takeFailures(
  context: RepositoryFacts & RepositoryWriter,
  failed: readonly Unanswered[],
  options: ApplyOptions,
): Promise<Applied> {
  const applied: Applied = { compare: false, live: true, error: null };
  const errors = new Map<string, SyncError>();
  for (const { guids, error } of failed) {
    for (const guid of guids) if (!errors.has(guid)) errors.set(guid, asSyncError(error));
  }
  const notFound = [...errors.values()].find(({ code }) => code === 'NOT_FOUND');
  if (notFound !== undefined && !(await options.isLive(notFound))) return { ...applied, live: false };
  let denied: boolean | undefined;
  for (const [error, guids] of byError(errors)) {
    applied.error ??= error;
    const words = `${error.code}: ${error.message}`;
    const isDenied = error.code === 'PERMISSION_MISSING' && (denied ??= await options.lacksPermission());
    // Once GraphQL answers again, everything that only it shows is read, because the repository is compared at
    // every sweep until then. The first failure may be transient and causes no comparison.
    const isLeft = error.code === 'GRAPHQL_UNAVAILABLE' && context.repository.without_graphql_at !== null;
    if (isDenied || isLeft) {
      await context.save((tx) => finishDeliveries(tx, guids, 'processed', words));
      continue;
    }
    await context.save(async (tx) => {
      const givenUp = await holdDeliveries(tx, guids, words);
      if (givenUp.length === 0) return;
      // With their end, since the rest of the round may not come about.
      await enqueueRepositories(tx, [{ id: context.repository.id, probe: null }], 'incremental');
      applied.compare = true;
    });
    context.log.warn(
      { code: error.code, reason: error.message, deliveries: guids.length },
      'deliveries wait',
    );
  }
  return applied;
}

function byError(errors: ReadonlyMap<string, SyncError>): Map<SyncError, string[]> {
  const grouped = new Map<SyncError, string[]>();
  for (const [guid, error] of errors) grouped.set(error, [...(grouped.get(error) ?? []), guid]);
  return grouped;
}
