import { sql } from 'kysely';
import { inTransaction, sqlOf, type Orm, type Sql } from '../orm.ts';
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
  /** Releases what is still held. */
  release(): Promise<void>;
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

  async function release(): Promise<void> {
    clearInterval(renewal);
    await releaseLeases(sqlOf(orm), isOwn);
  }

  return { write, release };
}
