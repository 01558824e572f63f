import { sql } from 'kysely';
import { inTransaction, sqlOf, type Orm, type Sql } from '../orm.ts';
import { fromNow } from './lease-columns.ts';
import { RENEW_MS } from './repository-lease.ts';

/** The sole right to write the rows of several repositories, which were leased with one token. */
export interface SharedLease {
  /**
   * One transaction, fenced as that of a `RepositoryLease`.
   *
   * @param work gets those of `ids` that are still held, and writes nothing of others
   */
  write<T>(ids: readonly number[], work: (tx: Sql, held: ReadonlySet<number>) => Promise<T>): Promise<T>;
  /** Gives back what is still held. */
  release(): Promise<void>;
}

/** @param token that every one of `ids` was leased with just now */
export function createSharedLease(orm: Orm, token: string, ids: readonly number[]): SharedLease {
  const isOwn = sql`repository_id = any(${ids}::bigint[]) and lease_token = ${token}`;

  function renew(): void {
    // Those being written are locked by that: they are passed over, and renewed with the next turn.
    sql`update repository_sync s set lease_until = ${fromNow}
      from (select repository_id from repository_sync where ${isOwn} for no key update skip locked) own
      where s.repository_id = own.repository_id`
      .execute(sqlOf(orm))
      // Not renewed is not yet lost: the next write tells.
      .catch(() => undefined);
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
    await sql`update repository_sync set lease_token = null, lease_owner = null, lease_until = null
      where ${isOwn}`.execute(sqlOf(orm));
  }

  return { write, release };
}
