import { Client } from 'pg';
import { sql } from 'kysely';
import { databaseAddress } from '../database-address.ts';
import type { Sql } from './orm.ts';

const ASK_MS = 5000;

export interface PoolWatch {
  /** For the pool's `onAcquire`: a connection was handed out. */
  recordAcquired: () => void;
  /** Whether the pool has handed out no connection for `stuckMs` although the database accepts new ones. */
  isStuck: (db: Sql) => Promise<boolean>;
}

/**
 * Distinguishes a pool that is stuck (its connections were never returned) from an unavailable database: only
 * the first is fixed by a restart.
 *
 * @param stuckMs longer than the longest statement: until then all connections may legitimately be in use
 */
export function createPoolWatch(databaseUrl: string, stuckMs: number): PoolWatch {
  let acquiredAt = performance.now();
  return {
    recordAcquired() {
      acquiredAt = performance.now();
    },
    async isStuck(db) {
      // Also makes sure that a connection is requested.
      if (await answers(sql`select 1`.execute(db))) return false;
      return performance.now() - acquiredAt >= stuckMs && (await answers(connectDirectly(databaseUrl)));
    },
  };
}

async function connectDirectly(databaseUrl: string): Promise<void> {
  const client = new Client({
    application_name: 'github-auto-sync pool watch',
    ...databaseAddress(databaseUrl),
    connectionTimeoutMillis: ASK_MS,
    query_timeout: ASK_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    // Not awaited: a server that fell silent would block it.
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
