import { z } from 'zod';
import { isWithoutInstallations } from '../../db/installations/find-installation.ts';
import { sqlOf } from '../../db/orm.ts';
import {
  lastLogReading,
  recordLogReading,
  unknownGuids,
  type LogReading,
  type MissedDelivery,
} from '../../db/system-state/delivery-log.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import { pages } from '../../github/pages/pages.ts';
import { readEach } from '../../github/pages/unreadable.ts';
import { currentSignal } from '../../github/session/usage.ts';
import { concernsOneRequest } from '../deliveries/answer-questions.ts';
import {
  beginReading,
  endReading,
  FIRST_PAGE,
  forgetExpired,
  importedSince,
  isDue,
  reaches,
} from './log-reading.ts';
import { isCutOff } from './is-cut-off.ts';
import { recoverOne } from './recover-one.ts';
import { skipImported } from './skip-imported.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import type { Page } from '../../github/pages/page.ts';

/** Readings overlap by this much: a delivery enters the log when it ends, up to 10 s after it began. */
const OVERLAP_MS = 10 * 60_000;
/** How many lost deliveries one call recovers, with one request each. */
const AT_MOST = 1000;
/** After this many failures in a row the problem is GitHub. */
const FAILED_AT_MOST = 5;
/** How many are recorded individually; for more of them the log is read again. */
const MISSED_AT_MOST = 500;
/** How many of those one call requests. */
const MISSED_AT_ONCE = 50;
/** A page that fails this often is skipped, and the pages behind it are read later. */
const PAGE_TRIES = 3;

// 63-bit ids: Octokit returns a bigint if a number would lose digits.
const id = z.union([z.number(), z.bigint(), z.string()]).transform(String);
const deliveredAt = z.iso.datetime({ offset: true }).nullish().catch(null);
const textIfAny = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => text ?? null);
const idIfAny = z
  .number()
  .nullish()
  .catch(null)
  .transform((number) => number ?? null);
const item = z.object({
  id,
  guid: z.string(),
  delivered_at: deliveredAt,
  event: textIfAny,
  action: textIfAny,
  installation_id: idIfAny,
  repository_id: idIfAny,
});

export interface Recovered {
  /** how many were recovered */
  recovered: number;
  /** whether the next call must continue this reading */
  more: boolean;
  /** why something in the log could not be read; it is requested again as long as GitHub keeps it */
  error: SyncError | null;
}

/**
 * Inserts deliveries that never arrived here from the App's delivery log into the inbox, marked `recovered`.
 * The log is read from its newest page down to where everything was inserted before. Progress is stored with
 * every page, so that nothing is forgotten, however many deliveries were lost and wherever a call ends.
 * Unreadable parts are not forgotten either: an entry, a page, or everything behind it.
 *
 * @param options.atMost ends the call after the page with which this many were requested
 * @param options.overlapMs how far to overlap the last reading
 */
export async function recoverDeliveries(
  deps: SyncDependencies,
  onProgress: () => void,
  { atMost = AT_MOST, overlapMs = OVERLAP_MS } = {},
): Promise<Recovered> {
  const db = sqlOf(deps.orm);
  const keptMs = deps.github.app.server.logKeptMs;
  let log = forgetExpired(await lastLogReading(db), keptMs, Date.now());
  const taken: Taken = { asked: 0, recovered: 0, failed: 0 };
  await refetchMissed(deps, log, taken);
  const isEmpty = log.read_at === null && log.empty_at === null && (await isWithoutInstallations(db));
  const begun = beginReading(log, Date.now());
  // An earlier version stored less.
  const checkpoint = { ...begun, ...(log.checkpoint !== null && { since: log.read_at }), ...log.checkpoint };
  const outcome = (more: boolean) => ({ recovered: taken.recovered, more, error: errorOf(log) });

  async function saveReading(next: LogReading): Promise<void> {
    log = next;
    await recordLogReading(db, log);
  }

  try {
    const options = { stable: false, allow: [404, 422] };
    for await (const page of pages(deps.github.app, checkpoint.url, options, (whole) => whole)) {
      if (page.answer.status !== 200) {
        // An older GitHub Enterprise Server has no delivery log; if a page's cursor is no longer known, reading
        // starts again from the top.
        const isGone = log.checkpoint !== null;
        await saveReading({ ...log, checkpoint: null });
        return outcome(isGone);
      }
      if (isEmpty) log.empty_at ??= page.answer.date;
      const { items, isOdd } = readEntries(deps, page);
      checkpoint.isOdd ||= isOdd;
      checkpoint.began_at ??= page.answer.date;
      const left = await takeLost(deps, log, taken, { page, items }, onProgress);
      checkpoint.isOdd ||= left > 0;
      onProgress();
      const now = Date.parse(page.answer.date);
      const since = Date.parse(checkpoint.since ?? '1970-01-01') - overlapMs;
      // A mark that is still to come was set by a wrong clock: it proves nothing.
      const oldest = Math.max(since > now ? 0 : since, now - keptMs);
      const { next } = page.answer.links;
      const isReached = reaches(items, oldest, now);
      checkpoint.isOdd ||= !isReached && (await isCutOff(deps.github.app, page));
      if (page.broken || next === null || isReached) break;
      Object.assign(checkpoint, { url: next, failed: 0 });
      await saveReading({ ...log, checkpoint });
      if (taken.asked >= atMost) return outcome(true);
    }
  } catch (error) {
    if (!concernsOneRequest(error, currentSignal())) throw error;
    checkpoint.failed += 1;
    const isFirst = checkpoint.url === FIRST_PAGE;
    await saveReading({ ...log, checkpoint: isFirst ? null : checkpoint });
    if (isFirst || checkpoint.failed < PAGE_TRIES) throw error;
    deps.log.warn({ err: error }, 'a page of the delivery log could not be read');
    checkpoint.isOdd = true;
  }
  await saveReading(endReading(log, checkpoint, Date.now()));
  return outcome(false);
}

type LogEntry = z.output<typeof item>;

function readEntries(deps: SyncDependencies, page: Page): { items: LogEntry[]; isOdd: boolean } {
  const { items, unreadable } = readEach(item, page.answer.data, 'hook deliveries');
  const odd = [...page.holes, ...unreadable];
  if (odd.length > 0) deps.log.warn({ odd }, 'entries of the delivery log could not be read');
  return { items, isOdd: odd.length > 0 || page.broken };
}

/**
 * Recovers a page's deliveries that never arrived here. Some that GitHub cannot show now are recorded in
 * `log.missed`.
 *
 * @returns how many more there are, for which the log must be read again
 */
async function takeLost(
  deps: SyncDependencies,
  log: LogReading,
  taken: Taken,
  { page, items }: { page: Page; items: readonly LogEntry[] },
  onProgress: () => void,
): Promise<number> {
  let left = 0;
  const db = sqlOf(deps.orm);
  const guids = await unknownGuids(db, items.map(({ guid }) => guid).filter(isGuid));
  for (const { guid } of log.missed) guids.delete(guid);
  const lost = items.filter(({ guid }) => guids.has(guid));
  const before = importedSince(log, OVERLAP_MS, Date.parse(page.answer.date));
  const needed = before === null ? lost : await skipImported(db, lost, before);
  // Oldest first, as they would have arrived.
  for (const { guid, id: deliveryId } of needed.toReversed()) {
    if (!guids.has(guid)) continue;
    const outcome = await recoverMissed(deps, taken, { guid, id: deliveryId });
    // Another attempt of the same delivery may show it.
    if (outcome === 'gone') continue;
    log.missed = log.missed.filter((one) => one.guid !== guid);
    if (outcome === 'done') guids.delete(guid);
    else if (log.missed.length < MISSED_AT_MOST) log.missed.push(outcome);
    else left += 1;
    onProgress();
  }
  return left;
}

interface Taken {
  asked: number;
  recovered: number;
  /** in a row */
  failed: number;
}

/** Requests again those that GitHub could not show, unless failures continue. */
async function refetchMissed(deps: SyncDependencies, log: LogReading, taken: Taken): Promise<void> {
  const now = Date.now();
  const unknown = await unknownGuids(
    sqlOf(deps.orm),
    log.missed.map(({ guid }) => guid),
  );
  log.missed = log.missed.filter(({ guid }) => unknown.has(guid));
  const due = log.missed.filter((one) => isDue(one, now)).slice(0, MISSED_AT_ONCE);
  for (const entry of due) {
    if (taken.failed >= FAILED_AT_MOST) break;
    const outcome = await recoverMissed(deps, taken, entry);
    const left = typeof outcome === 'string' ? [] : [outcome];
    log.missed = log.missed.flatMap((one) => (one === entry ? left : one));
  }
  taken.failed = 0;
}

/**
 * Recovers one delivery.
 *
 * @returns one that GitHub cannot show now, or was asked to redeliver, to be recorded; `done` if nothing is
 * left to do; `gone` if the log no longer has this attempt
 * @throws if so many in a row fail that this one cannot be the cause
 */
async function recoverMissed(
  deps: SyncDependencies,
  taken: Taken,
  entry: Pick<MissedDelivery, 'guid' | 'id'> & Partial<MissedDelivery>,
): Promise<MissedDelivery | 'done' | 'gone'> {
  const { guid, id: deliveryId } = entry;
  const tries = (entry.tries ?? 0) + 1;
  const tried_at = new Date().toISOString();
  const missed = { guid, id: deliveryId, tries, met_at: entry.met_at ?? tried_at, tried_at };
  taken.asked += 1;
  try {
    const recovery = await recoverOne(deps, guid, deliveryId);
    taken.failed = 0;
    if (recovery === 'taken') taken.recovered += 1;
    // Without webhooks it would be requested at every reading.
    if (recovery === 'asked') return missed;
    return recovery === 'gone' ? 'gone' : 'done';
  } catch (error) {
    taken.failed += 1;
    // With wrong credentials this many fail in a row.
    const isOne = concernsOneRequest(error, currentSignal()) || isCode(error, 'BAD_CREDENTIALS');
    if (!isOne || taken.failed > FAILED_AT_MOST) throw error;
    deps.log.warn({ guid, tries, err: error }, 'a lost delivery could not be read from the log');
    return missed;
  }
}

function errorOf({ unread, missed }: LogReading): SyncError | null {
  if (unread === null && missed.length === 0) return null;
  const what = missed.length > 0 ? `${missed.length} lost deliveries` : 'entries';
  return new SyncError('GITHUB_BAD_ANSWER', `${what} of the delivery log could not be read`);
}

function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof SyncError && error.code === code;
}

function isGuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}
