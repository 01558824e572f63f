import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { SyncError } from '../../errors.ts';
import { sqlIn, sqlOf, type EntityManager, type Orm } from '../orm.ts';
import type { Sql } from '../orm.ts';

/** A holder that does not renew for so long is taken for dead. */
const LEASE_SECONDS = 30;
const RENEW_MS = 10_000;

/** The sole right to write one repository's rows. */
export interface RepositoryLease {
  repositoryId: number;
  /**
   * One transaction, fenced: it waits for and shuts out every other writer of this repository.
   * @throws SyncError LEASE_LOST when another process took over meanwhile; nothing is written then
   */
  write<T>(work: (tx: Sql, em: EntityManager) => Promise<T>): Promise<T>;
  release(): Promise<void>;
}

/**
 * Takes the lease, or null while somebody else has it. The same `owner` (an activity that is tried again
 * after its process died) takes it over at once.
 */
export async function acquireLease(
  orm: Orm,
  repositoryId: number,
  owner: string,
): Promise<RepositoryLease | null> {
  const token = randomUUID();
  const taken = await sql`
    insert into repository_sync as s (repository_id, lease_owner, lease_token, lease_until)
    select id, ${owner}, ${token}, now() + make_interval(secs => ${LEASE_SECONDS})
      from repositories where id = ${repositoryId}
    on conflict (repository_id) do update
      set lease_owner = excluded.lease_owner, lease_token = excluded.lease_token, lease_until = excluded.lease_until
      where s.lease_until is null or s.lease_until < now() or s.lease_owner = excluded.lease_owner`.execute(
    sqlOf(orm),
  );
  if (Number(taken.numAffectedRows ?? 0) === 0) return null;
  return leaseOf(orm, repositoryId, token);
}

function leaseOf(orm: Orm, repositoryId: number, token: string): RepositoryLease {
  const renewal = setInterval(() => {
    sql`update repository_sync set lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
        where repository_id = ${repositoryId} and lease_token = ${token}`
      .execute(sqlOf(orm))
      // Not renewed is not yet lost: the next write tells.
      .catch(() => undefined);
  }, RENEW_MS);
  renewal.unref();

  async function write<T>(work: (tx: Sql, em: EntityManager) => Promise<T>): Promise<T> {
    return orm.em.fork().transactional(async (em) => {
      const tx = sqlIn(em);
      const held = await sql`select 1 from repository_sync
        where repository_id = ${repositoryId} and lease_token = ${token} for no key update`.execute(tx);
      if (held.rows.length === 0) {
        throw new SyncError('LEASE_LOST', `repository ${repositoryId} was taken over by another process`);
      }
      return work(tx, em);
    });
  }

  async function release(): Promise<void> {
    clearInterval(renewal);
    await sql`update repository_sync set lease_token = null, lease_owner = null, lease_until = null
      where repository_id = ${repositoryId} and lease_token = ${token}`.execute(sqlOf(orm));
  }

  return { repositoryId, write, release };
}
