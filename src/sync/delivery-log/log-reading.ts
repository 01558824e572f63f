import type { LogReading, LogCheckpoint, UnreadLog } from '../../db/system-state/delivery-log.ts';
import { earlierStart } from '../earlier-start.ts';

export const FIRST_PAGE = '/app/hook/deliveries?per_page=100';
const MINUTE_MS = 60_000;
/** Unreadable entries are tried again at the next reading, then after this time, doubling each time. */
const AGAIN_AFTER_MS = [0, MINUTE_MS, 10 * MINUTE_MS];

/**
 * A reading from the newest page down to where everything was read before, or to unreadable entries if those
 * are due.
 */
export function beginReading({ read_at, unread }: LogReading, now: number): LogCheckpoint {
  const since = unread !== null && isDue(unread, now) ? earlierStart(unread.since, read_at) : read_at;
  return { url: FIRST_PAGE, began_at: null, since, isOdd: false, failed: 0 };
}

/** A try that lies as far ahead as it is waited was recorded by a clock that was wrong: it is due. */
export function isDue({ tries, tried_at }: Pick<UnreadLog, 'tries' | 'tried_at'>, now: number): boolean {
  const waitMs = AGAIN_AFTER_MS[tries - 1] ?? 60 * MINUTE_MS * 2 ** (tries - AGAIN_AFTER_MS.length - 1);
  return Math.abs(now - Date.parse(tried_at)) >= waitMs;
}

/**
 * Whether a page of the log, newest first, reaches back to `oldest`: most of its dates are older. So no few odd
 * dates end a reading, or keep it from ending, wherever they stand. A missing date says nothing, nor does one that is
 * still to come.
 *
 * @param now GitHub's time
 */
export function reaches(
  page: readonly { delivered_at?: string | null | undefined }[],
  oldest: number,
  now: number,
): boolean {
  const times = page
    .map(({ delivered_at: at }) => Date.parse(at ?? ''))
    .filter((time) => time <= now + MINUTE_MS);
  return times.filter((time) => time < oldest).length > times.length / 2;
}

/**
 * Deliveries older than this are of things that were imported later; null if there are none.
 *
 * @param marginMs how long GitHub's answers may lag behind its deliveries
 * @param now GitHub's time: a mark that is still to come was set by a wrong clock
 */
export function importedSince({ empty_at }: LogReading, marginMs: number, now: number): number | null {
  const emptyAt = Date.parse(empty_at ?? '');
  return emptyAt - marginMs < now ? emptyAt - marginMs : null;
}

/**
 * The state after a reading. The mark advances in any case, so that later entries are found; unreadable ones
 * are retried.
 */
export function endReading(reading: LogReading, checkpoint: LogCheckpoint, now: number): LogReading {
  const { unread } = reading;
  const wentBack = unread !== null && earlierStart(checkpoint.since, unread.since) === checkpoint.since;
  const at = new Date(now).toISOString();
  // A proxy may write `Date` by a clock that is ahead: what came in between would count as read.
  const read_at = checkpoint.began_at === null ? reading.read_at : earlierStart(checkpoint.began_at, at);
  if (!checkpoint.isOdd) return { ...reading, read_at, checkpoint: null, unread: wentBack ? null : unread };
  if (unread === null) {
    const met = { since: checkpoint.since, tries: 1, met_at: at, tried_at: at };
    return { ...reading, read_at, checkpoint: null, unread: met };
  }
  const since = earlierStart(unread.since, checkpoint.since);
  const tried = wentBack ? { tries: unread.tries + 1, tried_at: at } : {};
  return { ...reading, read_at, checkpoint: null, unread: { ...unread, ...tried, since, met_at: at } };
}

/** Without what has left the log meanwhile, or was met as far ahead: nobody could tell when that has left it. */
export function forgetExpired(reading: LogReading, keptMs: number, now: number): LogReading {
  const isKept = ({ met_at }: { met_at: string }) => Math.abs(now - Date.parse(met_at)) < keptMs;
  const { unread } = reading;
  return {
    ...reading,
    unread: unread !== null && isKept(unread) ? unread : null,
    missed: reading.missed.filter(isKept),
  };
}
