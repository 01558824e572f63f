import { setTimeout as sleep } from 'node:timers/promises';
import { sqlOf, type Orm } from '../../db/orm.ts';
import { claimLog, releaseLog } from '../../db/system-state/log-reader.ts';

const LOOK_MS = 250;
/** Longer than a dead reader's hold lasts: then it is read beside whoever has it, which costs requests and nothing else. */
const PATIENCE_MS = 30_000;
const RENEW_MS = 5000;

/**
 * Reads the App's delivery log while no other process does; waits until it is free.
 *
 * @param read gets what to call on the way, so that the log stays its own
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

/** Keeps the hold of a long reading. */
export function renewing(orm: Orm, owner: string): () => void {
  let renewedAt = Date.now();
  return () => {
    if (Date.now() - renewedAt < RENEW_MS) return;
    renewedAt = Date.now();
    // One that is lost is noticed by nobody but the budget: two readers take in the same deliveries once.
    claimLog(sqlOf(orm), owner, false).catch(() => undefined);
  };
}
