import { Client } from 'pg';
import { sql } from 'kysely';
import { databaseAddress } from '../database-address.ts';
import type { Sql } from './orm.ts';

const ASK_MS = 5000;

export interface PoolWatch {
  /** For the pool's `onAcquire`: a connection was handed out. */
  recordAcquired: () => void;
  /** Whether the pool has handed out no connection for `stuckMs` although the database takes new ones. */
  isStuck: (db: Sql) => Promise<boolean>;
}

/**
 * Tells a pool that is stuck (its connections were never given back) from a database that is away: the first is repaired
 * by a restart, the second is not.
 *
 * @param stuckMs longer than the longest statement: so long all connections may be in use honestly
 */
export function createPoolWatch(databaseUrl: string, stuckMs: number): PoolWatch {
  let acquiredAt = performance.now();
  return {
    recordAcquired() {
      acquiredAt = performance.now();
    },
    async isStuck(db) {
      // Also makes sure that somebody asks for one.
      if (await answers(sql`select 1`.execute(db))) return false;
      return performance.now() - acquiredAt >= stuckMs && (await answers(askDirectly(databaseUrl)));
    },
  };
}

async function askDirectly(databaseUrl: string): Promise<void> {
  const client = new Client({
    ...databaseAddress(databaseUrl),
    application_name: 'github-auto-sync pool watch',
    connectionTimeoutMillis: ASK_MS,
    query_timeout: ASK_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    // Not waited for: a server that fell silent would keep it.
    client.end().catch(() => undefined);
  }
}

async function answers(question: Promise<unknown>): Promise<boolean> {
  try {
    await question;
    return true;
  } catch {
    return false;
  }
}
