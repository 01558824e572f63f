import { setTimeout as sleep } from 'node:timers/promises';
import { sqlOf, type Orm } from '../../db/orm.ts';
import { claimLog, releaseLog } from '../../db/system-state/log-reader.ts';

const LOOK_MS = 250;
/** Longer than a dead reader's hold lasts: after that it is read regardless, which only costs requests. */
const PATIENCE_MS = 30_000;
const RENEW_MS = 5000;

/**
 * Reads the App's delivery log while no other process does; waits until it is free.
 *
 * @param read receives a function to call during the reading, which renews the hold
 */
export async function holdDeliveryLog<T>(
  orm: Orm,
  owner: string,
  read: (onProgress: () => void) => Promise<T>,
): Promise<T> {
  const db = sqlOf(orm);
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await sleep(LOOK_MS)) {
    if ((await claimLog(db, owner, false)) === null) break;
  }
  try {
    return await read(renewing(orm, owner));
  } finally {
    await releaseLog(db, owner, null);
  }
}

/** Renews the hold during a long reading. */
export function renewing(orm: Orm, owner: string): () => void {
  let renewedAt = Date.now();
  return () => {
    if (Date.now() - renewedAt < RENEW_MS) return;
    renewedAt = Date.now();
    // A lost hold costs only requests: two readers recover the same deliveries once.
    claimLog(sqlOf(orm), owner, false).catch(() => undefined);
  };
}
