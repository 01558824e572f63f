import { z } from 'zod';
import { sqlOf } from '../../db/orm.ts';
import { insertDeliveries } from '../../db/deliveries/insert-deliveries.ts';
import { readDelivery } from '../../deliveries/read-delivery.ts';
import { SyncError } from '../../errors.ts';
import { read } from '../../github/answers.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

const detail = z.object({ request: z.object({ payload: z.record(z.string(), z.unknown()).nullish() }) });

/**
 * `taken`: it is in the inbox now; `nothing`: it was not lost; `gone`: the log no longer has this attempt, but
 * perhaps another one; `asked`: its redelivery was requested.
 */
export type Recovery = 'taken' | 'nothing' | 'gone' | 'asked';

/**
 * Inserts one delivery from the log into the inbox. If the log lacks its payload, its redelivery is requested.
 */
export async function recoverOne(
  deps: SyncDependencies,
  guid: string,
  deliveryId: string,
): Promise<Recovery> {
  const answer = await deps.github.app.getExact(`/app/hook/deliveries/${deliveryId}`, [404, 410]);
  if (answer.status !== 200) return 'gone';
  const event = read(z.object({ event: z.string() }), answer.data, 'hook delivery').event;
  if (event === 'ping') return 'nothing';
  const { payload } = read(detail, answer.data, 'hook delivery').request;
  if (payload === null || payload === undefined) {
    await deps.github.app.post(`/app/hook/deliveries/${deliveryId}/attempts`, [400, 404, 422]);
    return 'asked';
  }
  try {
    const { delivery } = readDelivery({ guid, event, json: Buffer.from(JSON.stringify(payload)) });
    const inserted = await insertDeliveries(sqlOf(deps.orm), [{ ...delivery, recovered: true }]);
    return inserted.size > 0 ? 'taken' : 'nothing';
  } catch (error) {
    // What the receiver would reject is not a loss.
    if (error instanceof SyncError && error.code === 'BAD_REQUEST') return 'nothing';
    throw error;
  }
}
