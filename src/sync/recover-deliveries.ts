import { z } from 'zod';
import { sqlOf } from '../db/orm.ts';
import { lastLogReading, noteLogReading, unknownGuids } from '../db/writes/delivery-log.ts';
import { insertDeliveries } from '../db/writes/insert-deliveries.ts';
import { readDelivery } from '../deliveries/read-delivery.ts';
import { SyncError } from '../errors.ts';
import { read } from '../github/answers.ts';
import { readEach } from '../github/unreadable.ts';
import { pages } from '../github/pages.ts';
import type { SyncDependencies } from './sync-request.ts';

/** Read again from before the last time: a delivery enters the log when it ends, up to 10 s after it began. */
const OVERLAP_MS = 10 * 60_000;
const AT_MOST = 1000;

// 63-bit ids: Octokit answers a bigint where a number would lose digits.
const id = z.union([z.number(), z.bigint(), z.string()]).transform(String);
const item = z.object({ id, guid: z.string(), delivered_at: z.string(), event: z.string() });
const detail = z.object({ request: z.object({ payload: z.record(z.string(), z.unknown()).nullish() }) });

/**
 * Takes deliveries that never arrived here from the App's own log into the inbox, marked `recovered`. One whose
 * payload the log does not hold is asked to be sent again.
 *
 * @returns how many were taken in; the next call starts where this one began
 */
export async function recoverDeliveries(deps: SyncDependencies, onProgress: () => void): Promise<number> {
  const db = sqlOf(deps.orm);
  const began = new Date().toISOString();
  const known = await lastLogReading(db);
  const since = Math.max(
    Date.now() - deps.github.app.server.logKeptMs,
    known === null ? 0 : Date.parse(known) - OVERLAP_MS,
  );
  const lost = new Map<string, string>();
  for await (const page of pages(deps.github.app, '/app/hook/deliveries?per_page=100', false, [404])) {
    // An older GitHub Enterprise Server keeps no log.
    if (page.answer.status === 404) break;
    const { items, unreadable } = readEach(item, page.answer.data, 'hook deliveries');
    if (unreadable.length + page.holes.length > 0)
      deps.log.warn({ unreadable, holes: page.holes.length }, 'deliveries of the log could not be read');
    const guids = await unknownGuids(db, items.map(({ guid }) => guid).filter(isGuid));
    for (const delivery of items) if (guids.has(delivery.guid)) lost.set(delivery.guid, delivery.id);
    onProgress();
    if (lost.size > AT_MOST || items.some(({ delivered_at }) => Date.parse(delivered_at) < since)) break;
  }
  let recovered = 0;
  // The oldest first, as they would have come.
  for (const [guid, deliveryId] of [...lost].toReversed()) {
    if (await recoverOne(deps, guid, deliveryId)) recovered += 1;
    onProgress();
  }
  await noteLogReading(db, began);
  return recovered;
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
