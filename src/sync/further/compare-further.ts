import type { Entity } from '../../entities/entity.ts';
import { furtherKinds } from '../../entities/index.ts';
import { saveImported } from '../../db/repository-sync/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import { hasFailedLong, isListUnread } from '../context/unread-elements.ts';
import type { FailedLists } from '../context/failed-lists.ts';
import type { Changes } from '../listings/find-changes.ts';
import { throwIfExpired } from '../context/interruption.ts';
import { learn, type RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { isCommentKind } from './comment-kind.ts';
import { commentStep } from './compare-comments.ts';
import { connectionStep, isConnection } from './compare-connection.ts';
import { fillColumns } from './fill-columns.ts';
import type { FurtherStep } from './further-step.ts';
import { pullRequestDetails } from './compare-details.ts';
import { describedKinds, versionsOf } from './kinds-on.ts';
import { wholeList } from './whole-list.ts';
import { recordFailedList } from '../context/record-failed-list.ts';
import { isWhole } from './whole-rows.ts';

/** In the order of the kinds; kinds that share an answer have one step. */
const steps: ReadonlySet<FurtherStep> = new Set([fillColumns, ...furtherKinds.flatMap(stepOf)]);

/** The step that fits how GitHub lists a kind; none if it is read with another kind. */
function stepOf(kind: Entity): FurtherStep[] {
  if (isWhole(kind)) return [wholeList(kind)];
  if (isConnection(kind)) return [connectionStep(kind)];
  if (isCommentKind(kind)) return [commentStep(kind)];
  return kind.list.by === 'detail' ? [pullRequestDetails] : [];
}

/**
 * The kinds that are on and were never read in full with their current description. A required kind whose list fails is
 * left out: once it is read again, it is read from where it was complete.
 */
export function missingKinds(context: RepositoryFacts): Set<string> {
  const { imported, unread } = context.repository;
  const missing = describedKinds(context.kinds, context.may).filter(
    ({ name, version, required }) =>
      imported[name] !== version && !(required && isListUnread(unread[name] ?? [])),
  );
  return new Set(missing.map(({ name }) => name));
}

/**
 * Compares the further kinds of a repository, existing ones first. Kinds that were never read in full are left
 * to a round of their own (`backfill`), after the import of every repository's required kinds.
 *
 * @param failed receives the errors of kinds that could not be read at all
 * @param recentToo also counts as changed what changed so shortly before the last probe that another change
 * could be hidden behind it
 * @returns why some of it could not be read, or null
 * @throws TimeSliceExpired within a kind and, in a backfill, between two kinds
 */
export async function compareFurther(
  context: RepositoryContext,
  changed: Changes,
  hourly: ReadonlySet<string>,
  failed: FailedLists,
  recentToo = true,
): Promise<SyncError | null> {
  const all = missingKinds(context);
  const described = new Set(describedKinds(context.kinds, context.may).map(({ name }) => name));
  let first: SyncError | null = null;
  let isBegun = false;
  for (const step of steps) {
    const kinds = step.kinds.filter(({ name }) => described.has(name));
    const missing = new Set(kinds.map(({ name }) => name).filter((name) => all.has(name)));
    if (kinds.length === 0 || (missing.size > 0 && context.mode !== 'backfill')) continue;
    if (missing.size === 0 && context.mode === 'backfill') continue;
    // Fully read kinds are recorded at once, except in other comparisons, whose parts belong together.
    if (isBegun && context.mode === 'backfill') throwIfExpired(context);
    isBegun = true;
    const cause = { full: context.mode === 'full', recentToo, changed, missing, hourly };
    const { error, isThrough } = await run(step, context, cause, failed);
    first ??= error;
    // What could not be read is recorded, and requested again by itself: the kind is not read in full for it.
    if (!isThrough || missing.size === 0) continue;
    await recordRead(
      context,
      kinds.filter(({ name }) => missing.has(name)),
    );
  }
  return first;
}

/** Records that all rows of these kinds were read with their current description. */
export async function recordRead(
  context: RepositoryFacts & RepositoryWriter,
  kinds: readonly Entity[],
): Promise<void> {
  const versions = versionsOf(kinds);
  if (Object.entries(versions).every(([name, version]) => context.repository.imported[name] === version))
    return;
  await context.save((tx) => saveImported(tx, context.repository.id, versions));
  learn(context.repository, { imported: { ...context.repository.imported, ...versions } });
}

/**
 * A further kind that the App turns out not to be permitted to read is off, without an error. A list that fails is
 * recorded. At first that ends the round, which is soon repeated, because most failures are transient; once it has
 * lasted for longer, the list is left to the time when it is due again.
 */
async function run(
  step: FurtherStep,
  context: RepositoryContext,
  cause: Parameters<FurtherStep['compare']>[1],
  failed: FailedLists,
): Promise<{ error: SyncError | null; isThrough: boolean }> {
  try {
    return { error: await step.compare(context, cause), isThrough: true };
  } catch (error) {
    if (error instanceof SyncError && error.code === 'PERMISSION_MISSING')
      return { error: null, isThrough: false };
    const { unread, further_marks: marks } = context.repository;
    const { list } = step;
    const isThrough = list !== undefined && hasFailedLong(unread[list.name] ?? []);
    const kept = await (isThrough ? failed.check(error) : failed.keep(error));
    // Without GraphQL its lists are read by other means, or once it answers again.
    if (list === undefined || kept.code === 'GRAPHQL_UNAVAILABLE') return { error: kept, isThrough };
    const since = cause.missing.has(list.name) ? null : (marks[list.name] ?? null);
    return { error: await recordFailedList(context, list, kept, since), isThrough };
  }
}
