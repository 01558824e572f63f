import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from '../logger.ts';
import type { Sql } from './orm.ts';

/** A session that a migration waits for. */
interface Blocker {
  /** 0: a prepared transaction, which belongs to no session */
  pid: number;
  role: string | null;
  application: string | null;
  /** when its transaction began; null if this role may not see it */
  transaction_since: string | null;
}

const LOOK_MS = 500;
/** A session is named when it was met in this many looks, after two seconds: most waits are over by then. */
const NAMED_AFTER = 4;
/** Looks until it is named again: half a minute. */
const NAMED_EVERY = 60;

/**
 * Says in the log whom the migrations of this database wait for, until `stopped`: a transaction that was left open
 * blocks indexes that are built beside it for as long as it lasts, without a word from PostgreSQL. `on`: another
 * connection than those that migrate. Never rejects.
 */
export async function reportMigrationWaits(on: Sql, log: Logger, stopped: AbortSignal): Promise<void> {
  const looks = new Map<number, number>();
  while (!stopped.aborted) {
    try {
      for (const { pid, ...blocker } of await blockersOfMigrations(on)) {
        const met = (looks.get(pid) ?? 0) + 1;
        looks.set(pid, met);
        if (met % NAMED_EVERY === NAMED_AFTER)
          log.warn({ pid, ...blocker }, 'a migration waits for a session');
      }
    } catch (error) {
      log.debug({ err: error }, 'whom migrations wait for could not be asked');
    }
    await sleep(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
}

/** Without parameters: a portal would keep its snapshot, for which an index that is being built waits too. */
async function blockersOfMigrations(on: Sql): Promise<Blocker[]> {
  const { rows } = await sql<Blocker>`
    select distinct on (blocking.pid) blocking.pid, other.usename::text as role, other.application_name as application,
      other.xact_start as transaction_since
    from pg_stat_activity migrating
      cross join unnest(pg_blocking_pids(migrating.pid)) blocking (pid)
      left join pg_stat_activity other on other.pid = blocking.pid
    where migrating.datname = current_database() and migrating.pid <> pg_backend_pid()
      and migrating.application_name = current_setting('application_name')`.execute(on);
  return rows;
}

/** The sessions that hold the lock of migrations in this database. Likewise without parameters. */
export async function findMigrating(on: Sql, lock: number): Promise<{ pid: number; role: string | null }[]> {
  const { rows } = await sql<{ pid: number; role: string | null }>`
    select pid, usename::text as role from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and pg_locks.database = pg_stat_activity.datid
      and datname = current_database() and classid::bigint * 4294967296 + objid::bigint = ${sql.raw(String(lock))}
  `.execute(on);
  return rows;
}
