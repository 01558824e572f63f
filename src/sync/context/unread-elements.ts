import type { Sql } from '../../db/orm.ts';
import type { StoredRepository, UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { saveUnread } from '../../db/repository-sync/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';

/** Kept one by one; beyond that the list itself shows them again. */
const KEPT = 200;
/** An element without a number is looked for in its list again, which may be long, not before so long. */
const AGAIN_AFTER_MS = 3_600_000;

/**
 * What is known to be unread together with what a reading from `since` on (null: of the whole list) met at `date`. All that
 * have no number are one entry, which stands for the longest reading in which one was met.
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
      since: from === undefined ? since : earlier(from.since, since),
      reason,
      met_at: date,
    });
  }
  return [...byNumber.values()];
}

/** Without what a reading from `since` on, begun at `began`, would have met again and did not. */
export function withoutReadAgain(
  unread: readonly UnreadElement[],
  since: string | null,
  began: string,
): UnreadElement[] {
  return unread.filter(
    (element) =>
      element.met_at >= began || (since !== null && (element.since === null || element.since < since)),
  );
}

/** From where the list has to be read for what it alone can show again; the mark when nothing is due. */
export function sinceForUnread(
  unread: readonly UnreadElement[],
  mark: string | null,
  now = Date.now(),
): string | null {
  const hole = dueHole(unread, now);
  return hole === undefined ? mark : earlier(hole.since, mark);
}

/** Whether the list has to be read again for what it alone can show. */
export function isListDue(unread: readonly UnreadElement[], now = Date.now()): boolean {
  return dueHole(unread, now) !== undefined;
}

function dueHole(unread: readonly UnreadElement[], now: number): UnreadElement | undefined {
  return unread.find(({ number, met_at }) => number === null && Date.parse(met_at) < now - AGAIN_AFTER_MS);
}

/** What a reading of a whole list left to be read again, all of it as one entry. */
export function holeOf(error: SyncError | null): UnreadElement[] {
  if (error === null) return [];
  return [{ number: null, since: null, reason: error.message, met_at: new Date().toISOString() }];
}

/** Why a kind is not all there, or null. */
export function unreadError(list: string, unread: readonly UnreadElement[]): SyncError | null {
  const [first] = unread;
  return first === undefined
    ? null
    : new SyncError('GITHUB_BAD_ANSWER', `one of the ${list}: ${first.reason}`);
}

/** Of a list that lacks so many rows that GitHub has: what nobody knows of may be lacking too. */
export function lackingError(list: string, lacking: number): SyncError | null {
  return lacking === 0
    ? null
    : new SyncError('LIST_SHIFTED', `the list of ${list} lacks ${lacking} that are there`);
}

/** What is still reported of a kind whose list is read whole, and is not read now. */
export function holeError([hole]: readonly UnreadElement[] = []): SyncError | null {
  return hole === undefined ? null : new SyncError('GITHUB_BAD_ANSWER', hole.reason);
}

/** Writes them down where they changed, in the row and in what is held of it. */
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

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null;
  return a < b ? a : b;
}
