import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { CORRECTED_AT_ONCE, notAhead, notFarAhead } from '../times-ahead.ts';
import { lockedInOrder } from './lock-in-order.ts';

/**
 * Sets the times of the queue, the verification and the leases that lie ahead of the clock to now: what waits is due, and
 * the lease of a dead process has ended. A living one renews its own.
 *
 * @returns how many repositories had some
 */
export async function correctQueueTimes(db: Sql): Promise<number> {
  const page = lockedInOrder(sql`repository_sync s where s.repository_id in (
      select repository_id from repository_sync
      where wanted_at > now() or wanted_after > now() or verified_at > now() or verification_queued_at > now()
        or without_graphql_at > now() or lease_until > now() + interval '1 minute'
      order by repository_id limit ${CORRECTED_AT_ONCE})`);
  const { numAffectedRows } = await sql`
    update repository_sync s set wanted_at = ${notAhead('s.wanted_at')}, wanted_after = ${notAhead('s.wanted_after')},
      verified_at = ${notAhead('s.verified_at')}, verification_queued_at = ${notAhead('s.verification_queued_at')},
      without_graphql_at = ${notAhead('s.without_graphql_at')}, lease_until = ${notFarAhead('s.lease_until')}
    from ${page} page where s.repository_id = page.repository_id`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
