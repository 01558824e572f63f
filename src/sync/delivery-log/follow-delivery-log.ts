import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlOf } from '../../db/orm.ts';
import {
  installationsWithPendingWork,
  repositoriesWithPendingWork,
} from '../../db/deliveries/pending-work.ts';
import { assertBoundApp } from '../../db/system-state/bound-app.ts';
import { claimLog, releaseLog } from '../../db/system-state/log-reader.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import type { Budget } from '../../github/session/shared-buckets.ts';
import { renewing } from './hold-delivery-log.ts';
import { recoverDeliveries } from './recover-deliveries.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { whomToWake, type Wake } from './whom-to-wake.ts';

/** A few more seconds between two readings are not worth reporting. */
const NOTICED_MS = 10_000;
/** An attempt enters the log when it ends, at most 10 s after it began; older ones were seen before. */
const OVERLAP_MS = 60_000;
/** At most this many are woken; the API's poller finds the others. */
const WOKEN_AT_MOST = 500;
const LONGEST_PAUSE_MS = 15 * 60_000;

export interface DeliveryLogDependencies extends SyncDependencies {
  /** `SYNC_DELIVERY_LOG_INTERVAL` */
  intervalMs: number;
  /** wakes the workflow that applies recovered deliveries */
  wake: (target: Wake) => Promise<void>;
}

/**
 * Reads the App's delivery log repeatedly until stopped, and wakes the workflows of the deliveries it
 * recovered: they arrive within seconds even if no webhook can reach us. Each reading costs one request, plus
 * one per delivery; only one of any number of workers reads at a time. The interval stretches if GitHub's rate
 * limit would not last, or if GitHub fails.
 */
export async function followDeliveryLog(deps: DeliveryLogDependencies, stop: AbortSignal): Promise<void> {
  const owner = randomUUID();
  const db = sqlOf(deps.orm);
  let failures = 0;

  /** Reads once if a reading is due; returns when to come back. */
  async function turn(): Promise<number> {
    const waitMs = await claimLog(db, owner, true);
    if (waitMs !== null) return Math.max(waitMs, deps.intervalMs / 10);
    let pauseMs = deps.intervalMs;
    let code: ErrorCode | null = null;
    let wasRead = false;
    try {
      await assertBoundApp(db, deps.github.appId);
      const { recovered, more } = await recoverDeliveries(deps, renewing(deps.orm, owner), {
        overlapMs: OVERLAP_MS,
      });
      failures = 0;
      wasRead = true;
      if (recovered > 0) await wakePending();
      pauseMs = more ? 0 : paceOf(deps.intervalMs, deps.github.appBudget(), Date.now());
      if (pauseMs > deps.intervalMs + NOTICED_MS) code = 'RATE_LIMITED';
    } catch (error) {
      failures += 1;
      code = error instanceof SyncError ? error.code : 'UNKNOWN';
      const told = error instanceof SyncError ? (error.retryAfterMs ?? 0) : 0;
      pauseMs = Math.max(told, Math.min(LONGEST_PAUSE_MS, deps.intervalMs * 2 ** failures));
      deps.log.warn({ err: error, pauseMs }, 'the delivery log could not be read');
    } finally {
      await releaseLog(db, owner, { inMs: pauseMs, code, wasRead });
    }
    return pauseMs;
  }

  async function wakePending(): Promise<void> {
    const page = { afterId: 0, limit: WOKEN_AT_MOST, olderThanMs: 0 };
    for (const work of await installationsWithPendingWork(db, page))
      await deps.wake({ kind: 'installation', work });
    for (const target of whomToWake(await repositoriesWithPendingWork(db, page))) await deps.wake(target);
  }

  while (!stop.aborted) {
    const pauseMs = await turn().catch((error: unknown) => {
      deps.log.warn({ err: error }, 'the delivery log could not be read');
      return deps.intervalMs;
    });
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
}

/**
 * When to read again: after the interval, or so much later that readings use at most half of what remains of
 * the App's rate limit until it resets. The other half is for the deliveries and the sweeps.
 */
export function paceOf(intervalMs: number, budget: Budget | null, now: number): number {
  if (budget === null || budget.resetsAt <= now) return intervalMs;
  const even = (budget.resetsAt - now) / Math.max(1, Math.floor(budget.remaining / 2));
  return Math.max(intervalMs, Math.min(LONGEST_PAUSE_MS, even));
}
