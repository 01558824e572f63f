import type { Sql } from '../../db/orm.ts';
import type { StoredRepository, UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { saveUnread } from '../../db/repository-sync/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { earlierStart } from '../earlier-start.ts';

/** How many are recorded individually; the list itself shows any others again. */
const KEPT = 200;
/**
 * An element without a number is searched for in its list again, which may be long, so only after this time.
 */
const AGAIN_AFTER_MS = 3_600_000;
/** GitHub's replicas lag by seconds. */
const AT_ONCE_MS = 60_000;

/**
 * Merges the known unread elements with those that a reading from `since` on (null: the whole list) met at
 * `date`. All elements without a number are one entry, which stands for the longest reading that met one.
 */
export function withMet(
  known: readonly UnreadElement[],
  met: readonly Pick<Unreadable, 'number' | 'reason'>[],
  since: string | null,
  date: string,
): UnreadElement[] {
  const byNumber = new Map(known.map((element) => [element.number, element]));
  for (const { number, reason } of met) {
    const key = number !== null && (byNumber.has(number) || byNumber.size < KEPT) ? number : null;
    const from = byNumber.get(key);
    byNumber.set(key, {
      number: key,
      since: from === undefined ? since : earlierStart(from.since, since),
      reason,
      met_at: date,
      first_met_at: from === undefined ? date : firstMet(from),
    });
  }
  return [...byNumber.values()];
}

/**
 * Removes what a reading from `since` on, begun at `began`, has shown: the elements that it would have met again but did
 * not, and a failure of the list, even of an earlier part of the same reading.
 */
export function withoutReadAgain(
  unread: readonly UnreadElement[],
  since: string | null,
  began: string,
): UnreadElement[] {
  const isWhole = (element: UnreadElement): boolean =>
    since === null || (element.since !== null && element.since >= since);
  return unread.filter((element) => {
    const isOfList = element.lacking_since !== undefined;
    return !isWhole(element) || (!isOfList && element.met_at >= began);
  });
}

/**
 * From where the list must be read for elements that only the list can show; the high-water mark if nothing is
 * due.
 */
export function sinceForUnread(
  unread: readonly UnreadElement[],
  mark: string | null,
  now = Date.now(),
): string | null {
  const entry = dueListEntry(unread, now);
  return entry === undefined ? mark : earlierStart(entry.since, mark);
}

/** Whether the list must be read again for elements that only the list can show. */
export function isListDue(unread: readonly UnreadElement[], now = Date.now()): boolean {
  return dueListEntry(unread, now) !== undefined;
}

function dueListEntry(unread: readonly UnreadElement[], now: number): UnreadElement | undefined {
  return unread.find(
    (element) => element.number === null && Date.parse(element.met_at) <= now - pauseAfter(element),
  );
}

/**
 * How long a list is left alone after it was last read. One that lacks rows that GitHub has is read again at once
 * within the first minute, then at doubling intervals.
 */
function pauseAfter({ lacking_since: since, met_at: metAt }: UnreadElement): number {
  return since === undefined ? AGAIN_AFTER_MS : growingPause(since, metAt);
}

/**
 * How long what has failed since then is left alone after the last attempt: not at all within the first minute, then
 * as long again as it has failed so far, at most an hour.
 */
function growingPause(since: string, lastAt: string): number {
  const lasted = Date.parse(lastAt) - Date.parse(since);
  return lasted < AT_ONCE_MS ? 0 : Math.min(AGAIN_AFTER_MS, lasted);
}

/** Whether it is time to request again what has failed since then and was last requested at `at`. */
export function isRetryDue({ since, at }: { since: string; at: string }, now = Date.now()): boolean {
  return Date.parse(at) + growingPause(since, at) <= now;
}

/** When an element was first met. */
export function firstMet({ first_met_at: first, met_at: metAt }: UnreadElement): string {
  return first ?? metAt;
}

/** Whether it is time to request an element again by itself (its number or SHA), at growing intervals. */
export function isElementDue(element: UnreadElement, now = Date.now()): boolean {
  return isRetryDue({ since: firstMet(element), at: element.met_at }, now);
}

/** Whether it is time to request anything of a kind again: its list, or one of the elements with a number. */
export function isAnyDue(unread: readonly UnreadElement[], now = Date.now()): boolean {
  return isListDue(unread, now) || unread.some((one) => one.number !== null && isElementDue(one, now));
}

/** Whether a list failed as a whole, or lacks rows that GitHub has. */
export function isListUnread(unread: readonly UnreadElement[]): boolean {
  return unread.some(({ number, lacking_since: since }) => number === null && since !== undefined);
}

/** Whether a list failed as a whole when it was last requested. */
export function isUnlisted(unread: readonly UnreadElement[]): boolean {
  return unread.some(({ unlisted }) => unlisted === true);
}

/** Whether a list has failed for so long that no replica's lag explains it: the next attempt is left to a sweep. */
export function hasFailedLong(unread: readonly UnreadElement[], now = Date.now()): boolean {
  const since = unread.find(({ number }) => number === null)?.lacking_since;
  return since !== undefined && Date.parse(since) <= now - AT_ONCE_MS;
}

/**
 * Merges the known unread elements with the failure of the whole list, which was read from `since` on (null: all of
 * it).
 *
 * @param unlisted whether nothing of it was shown
 */
export function withFailure(
  known: readonly UnreadElement[],
  { message: reason }: SyncError,
  since: string | null,
  unlisted?: true,
): UnreadElement[] {
  const met_at = new Date().toISOString();
  const before = known.find(({ number }) => number === null);
  const others = known.filter(({ number }) => number !== null);
  const from = before === undefined ? since : earlierStart(before.since, since);
  return [
    ...others,
    {
      number: null,
      since: from,
      reason,
      met_at,
      lacking_since: before?.lacking_since ?? met_at,
      ...(unlisted && { unlisted }),
    },
  ];
}

/**
 * What a reading of a whole list left to be read again, as a single entry.
 *
 * @param known the entries of the previous reading
 */
export function unreadOfWholeList(
  error: SyncError | null,
  [known]: readonly UnreadElement[],
): UnreadElement[] {
  if (error === null) return [];
  const met_at = new Date().toISOString();
  const entry = { number: null, since: null, reason: error.message, met_at };
  if (error.code !== 'LIST_SHIFTED') return [entry];
  return [{ ...entry, lacking_since: known?.lacking_since ?? met_at }];
}

/** Why a kind is incomplete, or null. */
export function unreadError(list: string, unread: readonly UnreadElement[]): SyncError | null {
  const [first] = unread;
  if (first === undefined) return null;
  const isOfAll = first.lacking_since !== undefined;
  return new SyncError('GITHUB_BAD_ANSWER', isOfAll ? first.reason : `one of the ${list}: ${first.reason}`);
}

/** The error for a list that lacks this many rows which GitHub has: it may lack unknown ones too. */
export function lackingError(list: string, lacking: number): SyncError | null {
  return lacking === 0
    ? null
    : new SyncError('LIST_SHIFTED', `the list of ${list} lacks ${lacking} that exist`);
}

/** The error for a list that is empty although GitHub counts some: nothing of it is here that could be requested. */
export function emptyError(list: string, counted: number): SyncError {
  return new SyncError('LIST_SHIFTED', `the list of ${list} is empty, and GitHub counts ${counted}`);
}

/** What is still reported about a kind whose list is read whole, and is not read now. */
export function wholeListError([entry]: readonly UnreadElement[] = []): SyncError | null {
  return entry === undefined ? null : new SyncError('GITHUB_BAD_ANSWER', entry.reason);
}

/** Stores them if they changed, in the row and in the in-memory state. */
export async function saveUnreadOf(
  tx: Sql,
  repository: StoredRepository,
  list: string,
  unread: readonly UnreadElement[],
): Promise<void> {
  const known = repository.unread[list] ?? [];
  if (JSON.stringify(known) === JSON.stringify(unread)) return;
  await saveUnread(tx, repository.id, list, unread);
  repository.unread[list] = [...unread];
}
