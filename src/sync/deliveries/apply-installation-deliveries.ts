import { sqlOf } from '../../db/orm.ts';
import {
  finishDeliveries,
  pendingInstallationDeliveries,
  type PendingDelivery,
} from '../../db/deliveries/pending-deliveries.ts';
import { holdDeliveries } from '../../db/deliveries/hold-deliveries.ts';
import { bodyFault } from '../../deliveries/events.ts';
import type { SyncError } from '../../errors.ts';
import { asSyncError, concernsOneRequest } from './answer-questions.ts';
import { guidsOf } from '../guids-of.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

/** Deliveries about one installation, which are applied by comparing it. */
export interface InstallationDeliveries {
  /** oldest first; unreadable ones have already ended as `failed` */
  pending: readonly PendingDelivery[];
  /** All of them are applied or, with a reason, there is nothing to apply them to. */
  finish(ignoredFor?: string): Promise<void>;
  /**
   * Postpones them because of an error that they caused; they end as `failed` after an hour (`holdDeliveries`).
   *
   * @returns the error; null if they did not cause it: GitHub or the database as a whole, a rate limit, a
   * cancellation
   */
  hold(error: unknown): Promise<SyncError | null>;
}

/** Reads the pending deliveries about an installation. */
export async function applyInstallationDeliveries(
  deps: SyncDependencies,
  installationId: number,
  signal?: AbortSignal,
): Promise<InstallationDeliveries> {
  const db = sqlOf(deps.orm);
  const found = await pendingInstallationDeliveries(db, installationId);
  const pending: PendingDelivery[] = [];
  for (const delivery of found) {
    const fault = bodyFault(delivery.event, delivery.payload);
    if (fault === null) pending.push(delivery);
    else await finishDeliveries(db, [delivery.guid], 'failed', `DELIVERY_UNREADABLE: ${fault}`);
  }
  const guids = guidsOf(pending);

  return {
    pending,
    finish: (ignoredFor) =>
      finishDeliveries(db, guids, ignoredFor === undefined ? 'processed' : 'ignored', ignoredFor ?? null),
    async hold(error) {
      if (!concernsOneRequest(error, signal)) return null;
      const reason = asSyncError(error);
      if (reason.code === 'GITHUB_UNAVAILABLE' && (await isGitHubUnavailable(deps.github))) return null;
      const { code, message } = reason;
      const givenUp = await holdDeliveries(db, guids, `${code}: ${message}`);
      deps.log.warn({ installationId, code, deliveries: guids.length, givenUp }, 'deliveries wait');
      return reason;
    },
  };
}
