import { hasLiveRows } from '../../db/rows/entity-rows.ts';
import { countListed, newestUpdate, unlisted } from '../../db/rows/issue-numbers.ts';
import { sqlOf } from '../../db/orm.ts';
import {
  liveCounts,
  type ListDifference,
  type UnreadElement,
} from '../../db/repository-sync/repository-state.ts';
import { saveHighWaterMark } from '../../db/repository-sync/repository-progress.ts';
import type { CountedKind } from '../../entities/index.ts';
import type { SyncError } from '../../errors.ts';
import type { Probe } from '../../model.ts';
import { refetchUnread } from './refetch-unread.ts';
import { readList, readWholeList } from './read-list.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { isRefused } from '../context/refused-rows.ts';
import { resolveMissingRows } from './resolve-missing-rows.ts';
import { compareIssueRanges } from './compare-issue-ranges.ts';
import {
  recordedDifference,
  recheckAfter,
  recordDifference,
  recordRemaining,
  assessDifference,
} from './count-differences.ts';
import {
  emptyError,
  lackingError,
  saveUnreadOf,
  sinceForUnread,
  unreadError,
  withFailure,
} from '../context/unread-elements.ts';

/** The result of comparing one kind of data. */
export interface ComparedKind {
  /** the kind is switched off at GitHub: its rows stay as they were */
  off: boolean;
  /** why some of it could not be read; everything else is right */
  error: SyncError | null;
}

/**
 * Makes a list match GitHub's: first what changed since the last time; then, if the number of rows shows that
 * some are missing or superfluous, the whole list.
 *
 * GitHub's count and its list may differ for weeks (rows hidden from the list). A difference that remains is
 * recorded, and the whole list is read again when it changes.
 *
 * @param changed all kinds that are read in this comparison
 */
export async function compareList(
  context: RepositoryContext,
  entity: CountedKind,
  probe: Probe | null,
  changed: ReadonlySet<string> = new Set(),
): Promise<ComparedKind> {
  const unread = unreadOf(context, entity);
  if (context.mode !== 'full') {
    const since = sinceForUnread(unread, context.repository.high_water_marks[entity.name]);
    const changes = { since, recordIds: false };
    let odd = await readList(context, entity, changes);
    if (odd !== null && (await isBehind(context, entity, probe)))
      odd = await readList(context, entity, changes);
    if (odd === null) return switchedOff(context, entity);
    await refetchUnread(context, entity);
    const agree =
      (await isAsCounted(context, entity, probe)) ||
      (isCountedByRange(entity) && (await compareIssueRanges(context, changed))) ||
      (await isAsCounted(context, entity, await context.probe(), true));
    if (agree) {
      await recordEmptyList(context, entity, probe, unread);
      return { off: false, error: errorOf(context, entity) };
    }
  }
  const before = context.repository.differences[entity.name];
  let asked = context.mode === 'full' ? probe : null;
  for (;;) {
    const odd = await readWholeList(context, entity);
    if (odd === null) return switchedOff(context, entity);
    await refetchUnread(context, entity);
    const listed = await countListed(sqlOf(context.orm), context.repository.id, entity.name);
    const isPlain = odd.length === 0 && (await isAllListed(context, entity, asked, listed));
    const now = isPlain ? asked : await context.probe();
    asked = null;
    // Without GitHub's count only its answer for each missing row is evidence.
    const counted = now === null ? null : countIn(now, entity);
    const { stays, readings } = assessDifference(
      context.repository.differences[entity.name],
      counted,
      listed,
    );
    const agreed = counted === listed + odd.filter(({ id }) => id === null).length;
    // Everything that GitHub counts was listed: the skipped part was read from the other end.
    if (counted === listed && odd.every(({ number }) => number !== null))
      await forgetUnreadList(context, entity);
    if (agreed || stays || counted === null) {
      const missing = unlisted(sqlOf(context.orm), context.repository.id, entity.name);
      const error = await resolveMissingRows(context, entity, missing, agreed);
      const isWhole = odd.every(({ id }) => id !== null);
      // A list that lacks the same number in the next comparison does not show them at all.
      const isKnown = before?.ours === null && before.counted === counted && before.listed === listed;
      const lacking =
        counted === null || !isWhole || isKnown
          ? null
          : await lackingOf(context, entity, { counted, listed });
      if (counted !== null)
        await recordRemaining(
          context,
          entity,
          { counted, listed, ...recheckAfter(before, counted, listed) },
          lacking === null,
        );
      await recordEmptyList(context, entity, now, unread);
      return { off: false, error: error ?? errorOf(context, entity) ?? lacking };
    }
    await recordDifference(context, entity, { counted, listed, ours: null, readings });
  }
}

/**
 * Whether the latest change that GitHub reported is missing although the list was read: it was empty, or cut
 * short.
 */
async function isBehind(
  { orm, repository }: RepositoryFacts,
  { name }: CountedKind,
  probe: Probe | null,
): Promise<boolean> {
  const told = probe?.[`${name}_updated_at`] ?? null;
  // One that cannot be read may be the latest.
  if (told === null || (repository.unread[name] ?? []).length > 0) return false;
  const newest = await newestUpdate(sqlOf(orm), repository.id, name);
  return newest === null || Date.parse(newest) < Date.parse(told);
}

/**
 * Whether the list has what GitHub counted before it was read, and every live row here: then nothing is judged absent,
 * and GitHub need not count again.
 */
async function isAllListed(
  { orm, repository }: RepositoryFacts,
  entity: CountedKind,
  probe: Probe | null,
  listed: number,
): Promise<boolean> {
  if (probe === null || countIn(probe, entity) !== listed) return false;
  for await (const rows of unlisted(sqlOf(orm), repository.id, entity.name))
    if (rows.length > 0) return false;
  return true;
}

function isCountedByRange({ list }: CountedKind): boolean {
  return list.by === 'since' && list.isCountedByRange === true;
}

/**
 * Whether the list lacks rows that GitHub has when they are requested individually, and that it counts: it was
 * empty, or cut short. New, unknown rows may be missing as well.
 */
async function lackingOf(
  { orm, repository }: RepositoryFacts,
  { name, label }: CountedKind,
  { counted, listed }: Pick<ListDifference, 'counted' | 'listed'>,
): Promise<SyncError | null> {
  const ours = (await liveCounts(sqlOf(orm), repository.id))[name];
  return ours === counted || listed === counted ? null : lackingError(label, Math.max(0, ours - listed));
}

/**
 * An empty list is no evidence while GitHub counts some, however often it was read, and none is here that could be
 * requested: that is reported, and the whole list is read again at growing intervals.
 *
 * @param before what was unread when the comparison began
 */
async function recordEmptyList(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
  probe: Probe | null,
  before: readonly UnreadElement[],
): Promise<void> {
  const counted = probe === null ? null : countIn(probe, entity);
  if (!counted || unreadOf(context, entity).length > 0 || isRefused(context)) return;
  // The totals may be wrong until a verification ends (`recountTotals`).
  if (await hasLiveRows(sqlOf(context.orm), entity, context.repository.id)) return;
  const unread = withFailure(before, emptyError(entity.name, counted), null);
  await context.save((tx) => saveUnreadOf(tx, context.repository, entity.name, unread));
}

function unreadOf({ repository }: RepositoryFacts, { name }: CountedKind): readonly UnreadElement[] {
  return repository.unread[name] ?? [];
}

async function forgetUnreadList(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
): Promise<void> {
  const left = unreadOf(context, entity).filter(({ number }) => number !== null);
  await context.save((tx) => saveUnreadOf(tx, context.repository, entity.name, left));
}

function errorOf(context: RepositoryFacts, entity: CountedKind): SyncError | null {
  return unreadError(entity.name, unreadOf(context, entity));
}

/** When it is switched on again, everything is read: changes meanwhile were not announced. */
async function switchedOff(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
): Promise<ComparedKind> {
  const { repository } = context;
  if (repository.high_water_marks[entity.name] !== null) {
    repository.high_water_marks[entity.name] = null;
    await context.save((tx) => saveHighWaterMark(tx, repository.id, entity.name, null));
  }
  return { off: true, error: null };
}

/**
 * Whether our rows are as many as GitHub counts. @param orUntold the result if GitHub does not return the count
 */
async function isAsCounted(
  context: RepositoryFacts,
  entity: CountedKind,
  probe: Probe | null,
  orUntold = false,
): Promise<boolean> {
  const counted = probe === null ? null : countIn(probe, entity);
  if (counted === null) return orUntold;
  const ours = (await liveCounts(sqlOf(context.orm), context.repository.id))[entity.name];
  return counted === ours + recordedDifference(context.repository.differences[entity.name]);
}

function countIn(probe: Probe, { name }: CountedKind): number | null {
  return probe[`${name}_count`];
}
