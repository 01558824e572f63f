import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import { lockedInOrder } from './lock-in-order.ts';

/** A holder that does not renew for this long is considered dead. */
const LEASE_SECONDS = 30;

/** The expiry of a lease that is acquired or renewed now. */
export const fromNow = sql`clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;

/**
 * Whether nobody else holds the lease of `repository_sync s`: one left by a dead attempt of the same `owner`
 * counts as free.
 */
export function isFreeFor(owner: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(s.lease_until is null or s.lease_until < now() or s.lease_owner = ${owner})`;
}

/**
 * The owner under which each of several repositories is leased: `acquireLease` takes it over for the same one.
 */
export function ownerOfEach(owner: string): RawBuilder<unknown> {
  return sql`${owner} || '/' || s.repository_id`;
}

/** The columns that make up a lease of `repository_sync s`. */
export function leaseTo(owner: RawBuilder<unknown>, token: string): RawBuilder<unknown> {
  return sql`lease_owner = ${owner}, lease_token = ${token}, lease_until = ${fromNow}`;
}

/**
 * Renews leases, except those of rows that are being written: these are locked, which proves that the holder is
 * alive, and they are skipped until the next turn.
 *
 * @param isOwn which rows of `repository_sync` are leased with the holder's token
 */
export async function renewLeases(db: Sql, isOwn: RawBuilder<unknown>): Promise<void> {
  await sql`update repository_sync s set lease_until = ${fromNow}
    from (select repository_id from repository_sync where ${isOwn} for no key update skip locked) own
    where s.repository_id = own.repository_id`.execute(db);
}

/** Releases leases. @param isOwn as for `renewLeases` */
export async function releaseLeases(db: Sql, isOwn: RawBuilder<unknown>): Promise<void> {
  await sql`update repository_sync s set lease_token = null, lease_owner = null, lease_until = null
    from ${lockedInOrder(sql`repository_sync s where ${isOwn}`)} own
    where s.repository_id = own.repository_id`.execute(db);
}
