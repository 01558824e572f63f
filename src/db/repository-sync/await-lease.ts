import { setTimeout as sleep } from 'node:timers/promises';
import type { Orm } from '../orm.ts';
import { heldLeases } from './held-leases.ts';
import { acquireLease, type RepositoryLease } from './repository-lease.ts';

/** For leases of other processes, which cannot notify this one. */
const TRY_EVERY_MS = 100;

/**
 * Acquires the lease as soon as it is free, or returns null after this long. A holder in this process is told
 * that somebody waits (`RepositoryLease.onWaiter`).
 */
export async function awaitLease(
  orm: Orm,
  repositoryId: number,
  owner: string,
  patienceMs: number,
): Promise<RepositoryLease | null> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const lease = await acquireLease(orm, repositoryId, owner);
    if (lease !== null || performance.now() >= until) return lease;
    const waiting = new AbortController();
    const pause = sleep(TRY_EVERY_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([pause, heldLeases(orm).waitForRelease(repositoryId) ?? pause]);
    waiting.abort();
  }
}
