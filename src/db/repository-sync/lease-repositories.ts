import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { sqlOf, type Orm } from '../orm.ts';
import { isFreeFor, leaseTo, ownerOfEach } from './lease-rows.ts';
import { createSharedLease, type SharedLease } from './shared-lease.ts';

/**
 * Acquires the leases of several repositories in one statement, where nobody else holds them. Never waits.
 *
 * @param owner each is leased as `owner/<id>`, so that `acquireLease` takes it over for the same one
 * @returns the ids of those that were leased, and their lease
 */
export async function leaseRepositories(
  orm: Orm,
  ids: readonly number[],
  owner: string,
): Promise<{ ids: number[]; lease: SharedLease }> {
  const token = randomUUID();
  const { rows } = await sql<{ id: number }>`
    update repository_sync s set ${leaseTo(ownerOfEach(owner), token)}
    from (
      select repository_id from repository_sync s
      where repository_id = any(${ids}::bigint[]) and ${isFreeFor(ownerOfEach(owner))}
      order by repository_id for no key update skip locked
    ) free where s.repository_id = free.repository_id
    returning s.repository_id as id`.execute(sqlOf(orm));
  const leased = rows.map(({ id }) => id);
  return { ids: leased, lease: createSharedLease(orm, token, leased) };
}
