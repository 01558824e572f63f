import { finishDeliveries, type PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { holdDeliveries } from '../../db/deliveries/hold-deliveries.ts';
import { writeRepositoryFigures } from '../../db/repositories/upsert-repositories.ts';
import { countedKinds } from '../../entities/index.ts';
import { SyncError } from '../../errors.ts';
import {
  answerQuestions,
  asSyncError,
  isOfQuestion,
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

/** What only the caller can ask about the repository as a whole. */
export interface ApplyOptions extends Pick<
  Asking,
  'delays' | 'signal' | 'isAway' | 'blockOfAll' | 'isOver' | 'isHurried'
> {
  /** makes the repository's own row match GitHub; false when it is gone */
  refetchRepository(announced: string | null): Promise<boolean>;
  /** whether a repository of which something is answered 404 is still there; writes down that it is not */
  isLive(error: SyncError): Promise<boolean>;
  /** whether the installation's permissions, as GitHub has them now, leave something out */
  lacksPermission(): Promise<boolean>;
}

export interface Applied {
  /** the whole repository has to be compared: a delivery could not be read, or was given up, or a kind is on again */
  compare: boolean;
  /** false: the repository turned out to be gone */
  live: boolean;
  /** why some deliveries still wait, or were given up */
  error: SyncError | null;
}

/**
 * Takes deliveries into the rows: what a payload decides in one transaction at once, without asking GitHub;
 * then the questions that the payloads leave. A delivery whose questions cannot be answered is put off
 * (`holdDeliveries`) and holds up no other.
 *
 * @throws TimeSliceExpired when questions are left for the next round, and what concerns all deliveries
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
    if (!isOfQuestion(error, options.signal)) throw error;
    return applyOneByOne(context, deliveries, options, error);
  }
  const failed: Unanswered[] = [];
  const about = new Set([...plan.refetchRepository, ...open.repository.ask]);
  if (open.waiting.size === 0 && about.size === 0) {
    // All of them ended in the transaction that wrote their payloads.
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
      if (!isOfQuestion(error, options.signal)) throw error;
      if (error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE' && (await options.isAway()))
        throw error;
      await throwIfAllIsBlocked(error, options);
      failed.push({ guids: about, error });
    }
  }
  // GraphQL did not answer before: where it still does not, nothing that it alone tells holds up a delivery.
  if (context.repository.without_graphql_at !== null) await context.probe();
  const questions = await planQuestions(context, plan, open, deliveries);
  const outcome = await answerQuestions(questions, options);
  failed.push(...outcome.failed);
  await finish(context, deliveries, [...failed, ...outcome.left]);
  const held = await takeFailures(context, failed, options);
  if (held.live && outcome.left.length > 0) throw new TimeSliceExpired();
  const compare = held.compare || plan.unreadable.length > 0 || isSwitchedOn(wasOn, context.repository);
  return { ...held, compare };
}

/** Whether a kind is on that was off: no delivery tells of the rows that are there again. */
function isSwitchedOn(before: Switches, now: Switches): boolean {
  return countedKinds.some(({ name }) => !before[`has_${name}`] && now[`has_${name}`]);
}

/** One of them holds what cannot be written: each on its own, so that it spoils no other. */
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

/** Ends the deliveries that nothing is left to ask for. */
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

/** Puts off, gives up or lets go of the deliveries whose questions were not answered. */
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
    // Of what GraphQL alone tells, all is read once it answers: the repository is compared at every sweep until then. Where it
    // fails for the first time that may pass, and nobody compares it.
    const isLeft = error.code === 'GRAPHQL_UNAVAILABLE' && context.repository.without_graphql_at !== null;
    if (isDenied || isLeft) {
      await context.save((tx) => finishDeliveries(tx, guids, 'processed', words));
      continue;
    }
    await context.save(async (tx) => {
      const givenUp = await holdDeliveries(tx, guids, words);
      if (givenUp.length > 0) applied.compare = true;
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
