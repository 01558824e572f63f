import { z } from 'zod';
import { sqlOf } from '../db/orm.ts';
import { lastLogReading, noteLogReading, unknownGuids, type LogReading } from '../db/writes/delivery-log.ts';
import { insertDeliveries } from '../db/writes/insert-deliveries.ts';
import { readDelivery } from '../deliveries/read-delivery.ts';
import { SyncError } from '../errors.ts';
import { read } from '../github/answers.ts';
import { pages } from '../github/pages.ts';
import { readEach } from '../github/unreadable.ts';
import type { SyncDependencies } from './sync-request.ts';

/** Read again from before the last time: a delivery enters the log when it ends, up to 10 s after it began. */
const OVERLAP_MS = 10 * 60_000;
/** So many lost ones are taken in by one call, at a request each. */
const AT_MOST = 1000;
/** One that GitHub cannot show is asked for so often, once a call; so many such in a row mean that it is GitHub. */
const TRIES = 5;
const FAILED_AT_MOST = 5;

// 63-bit ids: Octokit answers a bigint where a number would lose digits.
const id = z.union([z.number(), z.bigint(), z.string()]).transform(String);
const item = z.object({ id, guid: z.string(), delivered_at: z.iso.datetime({ offset: true }) });
const detail = z.object({ request: z.object({ payload: z.record(z.string(), z.unknown()).nullish() }) });

/**
 * Takes deliveries that never arrived here from the App's own log into the inbox, marked `recovered`. One whose
 * payload the log does not hold is asked to be sent again. The log is read from its newest page down to where
 * everything was taken in already; how far that came is written down with every page, so that nothing is forgotten
 * however many were lost and wherever a call ends.
 *
 * @param options.atMost ends the call at the end of the page with which so many were asked for
 * @param options.overlapMs reads again from so long before the last time
 * @returns how many were taken in, and whether the next call has to go on with this reading
 */
export async function recoverDeliveries(
  deps: SyncDependencies,
  onProgress: () => void,
  { atMost = AT_MOST, overlapMs = OVERLAP_MS } = {},
): Promise<{ recovered: number; more: boolean }> {
  const db = sqlOf(deps.orm);
  const reading = await lastLogReading(db);
  const taken: Taken = { asked: 0, recovered: 0, failed: 0 };
  const again = reading.missed.splice(0);
  for (const missed of again) await take(deps, reading, taken, missed);
  const from = reading.walk?.url ?? '/app/hook/deliveries?per_page=100';
  let began = reading.walk?.began_at ?? null;
  for await (const page of pages(deps.github.app, from, false, [404, 422])) {
    if (page.answer.status !== 200) {
      // An older GitHub Enterprise Server keeps no log; a page that is no longer known is found from the top again.
      await noteLogReading(db, { ...reading, walk: null });
      return { recovered: taken.recovered, more: reading.walk !== null };
    }
    const { items, unreadable } = readEach(item, page.answer.data, 'hook deliveries');
    if (unreadable.length > 0) deps.log.warn({ unreadable }, 'entries of the delivery log could not be read');
    began ??= page.answer.date;
    const since = Date.parse(reading.read_at ?? '1970-01-01') - overlapMs;
    const oldest = Math.max(since, Date.parse(page.answer.date) - deps.github.app.server.logKeptMs);
    const guids = await unknownGuids(db, items.map(({ guid }) => guid).filter(isGuid));
    // The oldest first, as they would have come.
    for (const { guid, id: deliveryId } of items.toReversed()) {
      if (!guids.delete(guid)) continue;
      await take(deps, reading, taken, { guid, id: deliveryId, tries: 0 });
      onProgress();
    }
    onProgress();
    if (page.broken) {
      // What lies behind an entry that never comes is looked for from the top again, as long as the log is kept.
      await noteLogReading(db, { ...reading, walk: null });
      return { recovered: taken.recovered, more: false };
    }
    const { next } = page.answer.links;
    if (next === null || items.some(({ delivered_at }) => Date.parse(delivered_at) < oldest)) break;
    await noteLogReading(db, { ...reading, walk: { url: next, began_at: began } });
    if (taken.asked >= atMost) return { recovered: taken.recovered, more: true };
  }
  await noteLogReading(db, { ...reading, read_at: began ?? reading.read_at, walk: null });
  return { recovered: taken.recovered, more: false };
}

interface Taken {
  asked: number;
  recovered: number;
  /** in a row */
  failed: number;
}

/** Takes one in; one that GitHub cannot show now is remembered and keeps none of the others. */
async function take(
  deps: SyncDependencies,
  reading: LogReading,
  taken: Taken,
  lost: LogReading['missed'][number],
): Promise<void> {
  taken.asked += 1;
  try {
    if (await recoverOne(deps, lost.guid, lost.id)) taken.recovered += 1;
    taken.failed = 0;
  } catch (error) {
    const own = error instanceof SyncError && error.code.startsWith('GITHUB_');
    taken.failed += 1;
    if (!own || taken.failed > FAILED_AT_MOST) throw error;
    const tries = lost.tries + 1;
    deps.log.warn({ guid: lost.guid, tries, err: error }, 'a lost delivery could not be read from the log');
    if (tries < TRIES) reading.missed.push({ ...lost, tries });
  }
}

async function recoverOne(deps: SyncDependencies, guid: string, deliveryId: string): Promise<boolean> {
  const answer = await deps.github.app.get(`/app/hook/deliveries/${deliveryId}`, [404]);
  if (answer.status === 404) return false;
  const event = read(z.object({ event: z.string() }), answer.data, 'hook delivery').event;
  if (event === 'ping') return false;
  const { payload } = read(detail, answer.data, 'hook delivery').request;
  if (payload === null || payload === undefined) {
    await deps.github.app.post(`/app/hook/deliveries/${deliveryId}/attempts`, [404, 422]);
    return false;
  }
  try {
    const text = JSON.stringify(payload, (_key, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
    const { delivery } = readDelivery({ guid, event, text });
    const inserted = await insertDeliveries(sqlOf(deps.orm), [{ ...delivery, recovered: true }]);
    return inserted.size > 0;
  } catch (error) {
    // What the receiver would turn away is no loss.
    if (error instanceof SyncError && error.code === 'BAD_REQUEST') return false;
    throw error;
  }
}

function isGuid(text: string): boolean {
  return z.guid().safeParse(text).success;
}
