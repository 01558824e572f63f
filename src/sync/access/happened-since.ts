import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { isInFuture, storableTime } from '../../time.ts';

/** The times that objects in payloads have. A push shows those of its repository as numbers of seconds. */
const TIMES = ['updated_at', 'pushed_at', 'created_at', 'submitted_at'];

/**
 * Whether a delivery is about something that happened at or after a time, by the times of the objects that its payload
 * shows (its repository, its issue, …). GitHub's times have no fractions of a second.
 */
export function happenedSince({ payload }: Pick<PendingDelivery, 'payload'>, time: string): boolean {
  const since = Math.floor(Date.parse(time) / 1000) * 1000;
  return Object.values(payload).some((shown) => {
    if (typeof shown !== 'object' || shown === null) return false;
    const times = Object.entries(shown).filter(([name]) => TIMES.includes(name));
    return times.some(([, value]) => {
      const at = typeof value === 'number' || typeof value === 'string' ? storableTime(value) : null;
      return at !== null && Date.parse(at) >= since && !isInFuture(at);
    });
  });
}
