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

/** A few seconds more between two readings are nothing to tell of. */
const NOTICED_MS = 10_000;
/** An attempt enters the log when it ends, at most 10 s after it began; what is older was seen before. */
const OVERLAP_MS = 60_000;
/** So many are woken for at once; whoever is behind them is found by the API's poller. */
const WOKEN_AT_MOST = 500;
const LONGEST_PAUSE_MS = 15 * 60_000;

export interface DeliveryLogDependencies extends SyncDependencies {
  /** `SYNC_DELIVERY_LOG_INTERVAL` */
  intervalMs: number;
  /** wakes the workflow that applies what was taken in */
  wake: (target: Wake) => Promise<void>;
}

/**
 * Reads the App's delivery log again and again until stopped, and wakes those that the deliveries it took in are for: deliveries
 * come within seconds where no webhook reaches us. A request for each reading and one for each delivery; of any number of
 * workers one reads at a time. The interval stretches where GitHub's budget would not last, or GitHub fails.
 */
export async function followDeliveryLog(deps: DeliveryLogDependencies, stop: AbortSignal): Promise<void> {
  const owner = randomUUID();
  const db = sqlOf(deps.orm);
  let failures = 0;

  /** One reading where it is due; gives when to come again. */
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
 * When to read again: after the interval, or so much later that readings use up at most half of what is left of the
 * App's budget until it returns. The other half is for the deliveries and the sweeps.
 */
export function paceOf(intervalMs: number, budget: Budget | null, now: number): number {
  if (budget === null || budget.resetsAt <= now) return intervalMs;
  const even = (budget.resetsAt - now) / Math.max(1, Math.floor(budget.remaining / 2));
  return Math.max(intervalMs, Math.min(LONGEST_PAUSE_MS, even));
}
