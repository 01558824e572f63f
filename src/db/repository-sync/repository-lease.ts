import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { SyncError } from '../../errors.ts';
import { heldLeases, type HeldLease } from './held-leases.ts';
import { fromNow, isFreeFor, leaseTo, releaseLeases, renewLeases } from './lease-rows.ts';
import { inTransaction, sqlOf, type Orm, type Sql } from '../orm.ts';

export const RENEW_MS = 10_000;

/** The exclusive right to write one repository's rows. */
export interface RepositoryLease extends Pick<HeldLease, 'onWaiter'> {
  repositoryId: number;
  /**
   * One transaction, fenced: it waits for and excludes every other writer of this repository.
   * @throws SyncError LEASE_LOST if another process has taken over; nothing is written then
   */
  write<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /**
   * The same for a change that takes long.
   *
   * @param first its long part, which touches only rows that nobody else writes: neither the queue nor the
   * round's other lists wait for it. The fence after it decides whether it is committed.
   */
  writeAfter<First, T>(
    first: (tx: Sql) => Promise<First>,
    work: (tx: Sql, done: First) => Promise<T>,
  ): Promise<T>;
  release(): Promise<void>;
}

/**
 * Acquires the lease, or returns null while somebody else holds it or writes under it. Never waits. The same
 * `owner` (a retried activity whose process died) takes it over at once.
 */
export async function acquireLease(
  orm: Orm,
  repositoryId: number,
  owner: string,
  renewMs = RENEW_MS,
): Promise<RepositoryLease | null> {
  const token = randomUUID();
  const db = sqlOf(orm);
  const take = sql`
    update repository_sync s set ${leaseTo(sql`${owner}`, token)}
    from (
      select repository_id from repository_sync s
      where repository_id = ${repositoryId} and ${isFreeFor(sql`${owner}`)}
      for no key update skip locked
    ) free where s.repository_id = free.repository_id`;
  const isTaken = async () => Number((await take.execute(db)).numAffectedRows ?? 0) > 0;
  if (!(await isTaken()) && !((await addRow(db, repositoryId)) && (await isTaken()))) return null;
  return leaseOf(orm, repositoryId, token, renewMs);
}

/** Whether the repository exists here and had no lease. */
async function addRow(db: Sql, repositoryId: number): Promise<boolean> {
  const added = await sql`insert into repository_sync (repository_id) select id from repositories r
    where id = ${repositoryId} and not exists (select 1 from repository_sync where repository_id = r.id)
    on conflict do nothing`.execute(db);
  return Number(added.numAffectedRows ?? 0) > 0;
}

/**
 * One transaction without the lease, if nobody else holds it or writes under it, because a holder knows better.
 *
 * @returns whether it ran
 */
export async function writeUnleased(
  orm: Orm,
  repositoryId: number,
  work: (tx: Sql) => Promise<void>,
): Promise<boolean> {
  return inTransaction(orm, async (tx) => {
    const free = await sql`select 1 from repository_sync where repository_id = ${repositoryId}
      and (lease_until is null or lease_until < now()) for no key update skip locked`.execute(tx);
    if (free.rows.length > 0) await work(tx);
    return free.rows.length > 0;
  });
}

function leaseOf(orm: Orm, repositoryId: number, token: string, renewMs: number): RepositoryLease {
  const isOwn = sql`repository_id = ${repositoryId} and lease_token = ${token}`;
  /**
   * While a write is open it holds the row: that proves that the holder is alive, and a renewal would wait for
   * it.
   */
  let openWrites = 0;
  let renewing = false;

  async function renew(): Promise<void> {
    if (openWrites > 0 || renewing) return;
    renewing = true;
    // A failed renewal does not yet mean a lost lease: the next write shows.
    await renewLeases(sqlOf(orm), isOwn).catch(() => undefined);
    renewing = false;
  }
  const renewal = setInterval(() => void renew(), renewMs);
  renewal.unref();
  const held = heldLeases(orm).hold(repositoryId);

  /** @param strength of the lock */
  async function lock(tx: Sql, strength: 'for no key update' | 'for key share'): Promise<void> {
    const held = await sql`select 1 from repository_sync where ${isOwn} ${sql.raw(strength)}`.execute(tx);
    if (held.rows.length === 0) {
      throw new SyncError('LEASE_LOST', `repository ${repositoryId} was taken over by another process`);
    }
  }

  async function fenced<T>(tx: Sql, work: () => Promise<T>): Promise<T> {
    openWrites += 1;
    const began = Date.now();
    try {
      await lock(tx, 'for no key update');
      const result = await work();
      if (Date.now() - began > renewMs) {
        await sql`update repository_sync set lease_until = ${fromNow}
            where repository_id = ${repositoryId}`.execute(tx);
      }
      return result;
    } finally {
      openWrites -= 1;
    }
  }

  function write<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    return inTransaction(orm, (tx) => fenced(tx, () => work(tx)));
  }

  function writeAfter<First, T>(
    first: (tx: Sql) => Promise<First>,
    work: (tx: Sql, done: First) => Promise<T>,
  ): Promise<T> {
    return inTransaction(orm, async (tx) => {
      // Conflicts only with merges of two people, and thus of their commits.
      await lock(tx, 'for key share');
      const done = await first(tx);
      return fenced(tx, () => work(tx, done));
    });
  }

  async function release(): Promise<void> {
    clearInterval(renewal);
    await releaseLeases(sqlOf(orm), isOwn).finally(held.end);
  }

  return { repositoryId, onWaiter: held.onWaiter, write, writeAfter, release };
}
