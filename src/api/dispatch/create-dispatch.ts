import type { Client } from '@temporalio/client';
import { hasDirtyRepositories } from '../../db/deliveries/dirty-repositories.ts';
import { hasPendingDeliveries } from '../../db/deliveries/pending-deliveries.ts';
import {
  installationsWithPendingWork,
  repositoriesWithPendingWork,
} from '../../db/deliveries/pending-work.ts';
import { recordReachability } from '../../db/system-state/record-reachability.ts';
import type { Sql } from '../../db/orm.ts';
import { SyncError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { reasonOf } from '../../process/reason-of.ts';
import { repeat } from '../../process/repeat.ts';
import { callTemporal } from '../../temporal/call.ts';
import { pingTemporal } from '../../temporal/ping.ts';
import { wake, type WakeTarget } from '../../temporal/wake.ts';
import type { Metrics } from '../metrics.ts';
import { createPendingPoller } from './pending-poller.ts';
import { createTemporalWatch } from './temporal-watch.ts';
import { createWakeDispatcher } from './wake-dispatcher.ts';

const POLL_MS = 2000;
const CHECK_MS = 5000;
const WAKE_DEADLINE_MS = 5000;
const PING_DEADLINE_MS = 3000;

export interface Dispatch {
  /** Starts looking for deliveries whose wake was lost, and checking Temporal. */
  start: () => void;
  /** Wakes the workflow that processes a committed delivery; never waits. */
  wake: (target: WakeTarget) => void;
  close: () => Promise<void>;
}

/** Everything between a committed delivery and its woken workflow. Several processes may run it at once. */
export function createDispatch(deps: { db: Sql; client: Client; metrics: Metrics; log: Logger }): Dispatch {
  const { db, client, metrics, log } = deps;
  const stopping = new AbortController();
  const dispatcher = createWakeDispatcher({
    send: async (target) => {
      if (!watch.isReachable()) throw new SyncError('TEMPORAL_UNAVAILABLE', 'Temporal does not answer');
      await callTemporal(client, WAKE_DEADLINE_MS, () => wake(client, target, 'webhook'));
    },
    isPending: async ({ kind, id }) => {
      if (kind === 'installation') return true;
      return kind === 'deliveries' ? hasDirtyRepositories(db, id) : hasPendingDeliveries(db, id);
    },
    onOutcome: (outcome, { kind, id }, error) => {
      metrics.countWake(outcome);
      if (outcome === 'failed' && watch.isReachable())
        log.warn({ kind, id, reason: reasonOf(error) }, 'wake failed');
    },
  });
  const poller = createPendingPoller({
    repositories: (page) => repositoriesWithPendingWork(db, page),
    installations: (page) => installationsWithPendingWork(db, page),
    wake: dispatcher.wake,
  });
  const watch = createTemporalWatch({
    ping: () =>
      client.connection.withAbortSignal(stopping.signal, () => pingTemporal(client, PING_DEADLINE_MS)),
    stopping: stopping.signal,
    record: (reachable) => recordReachability(db, 'temporal', reachable),
    onLoss: (error) =>
      log.warn(
        { reason: reasonOf(error) },
        'Temporal is unavailable: deliveries are kept and processed later',
      ),
    onReturn: () => {
      log.info('Temporal is back: waking all pending work');
      poller.forget();
    },
  });
  const repeated: Promise<void>[] = [];
  const keepOn = (pauseMs: number, what: string, turn: () => Promise<void>) => {
    const onError = (error: unknown) => log.warn({ what, reason: reasonOf(error) }, 'failed');
    repeated.push(repeat(pauseMs, stopping.signal, turn, onError));
  };
  return {
    wake: dispatcher.wake,
    start() {
      keepOn(CHECK_MS, 'to record whether Temporal answers', watch.check);
      keepOn(POLL_MS, 'to look for waiting deliveries', async () => {
        if (watch.isReachable()) await poller.poll();
      });
    },
    close: async () => {
      stopping.abort();
      await Promise.all(repeated);
      await dispatcher.close();
    },
  };
}
