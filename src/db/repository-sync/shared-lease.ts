import { sql } from 'kysely';
import { inTransaction, sqlOf, type Orm, type Sql } from '../orm.ts';
import { heldLeases } from './held-leases.ts';
import { releaseLeases, renewLeases } from './lease-rows.ts';
import { RENEW_MS } from './repository-lease.ts';

/** The exclusive right to write the rows of several repositories, which were leased with one token. */
export interface SharedLease {
  /**
   * One transaction, fenced like that of a `RepositoryLease`.
   *
   * @param work receives those of `ids` that are still held, and must write no others
   */
  write<T>(ids: readonly number[], work: (tx: Sql, held: ReadonlySet<number>) => Promise<T>): Promise<T>;
  /** @param listener called from now on whenever a round of this process waits for one of them; null: none is */
  onWaiter(listener: (() => void) | null): void;
  /** Releases what is still held, of all or of some. */
  release(some?: readonly number[]): Promise<void>;
}

/** @param token with which all of `ids` were leased just now */
export function createSharedLease(orm: Orm, token: string, ids: readonly number[]): SharedLease {
  const isOwn = sql`repository_id = any(${ids}::bigint[]) and lease_token = ${token}`;

  function renew(): void {
    // A failed renewal does not yet mean a lost lease: the next write shows.
    renewLeases(sqlOf(orm), isOwn).catch(() => undefined);
  }
  const renewal = setInterval(renew, RENEW_MS);
  renewal.unref();
  const held = new Map(ids.map((id) => [id, heldLeases(orm).hold(id)]));

  function write<T>(
    concerned: readonly number[],
    work: (tx: Sql, held: ReadonlySet<number>) => Promise<T>,
  ): Promise<T> {
    return inTransaction(orm, async (tx) => {
      const { rows } = await sql<{ id: number }>`select repository_id as id from repository_sync
        where repository_id = any(${concerned}::bigint[]) and lease_token = ${token}
        order by repository_id for no key update`.execute(tx);
      return work(tx, new Set(rows.map(({ id }) => id)));
    });
  }

  function onWaiter(listener: (() => void) | null): void {
    for (const one of held.values()) one.onWaiter(listener);
  }

  async function release(some: readonly number[] = ids): Promise<void> {
    if (some === ids) clearInterval(renewal);
    const concerned = sql`repository_id = any(${some}::bigint[]) and lease_token = ${token}`;
    await releaseLeases(sqlOf(orm), concerned).finally(() => {
      for (const id of some) held.get(id)?.end();
    });
  }

  return { write, onWaiter, release };
}
