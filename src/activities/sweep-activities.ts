import { heartbeat } from '@temporalio/activity';
import { sqlOf } from '../db/orm.ts';
import { findInstallationTarget } from '../db/repositories/sync-targets.ts';
import { installationsAfter } from '../db/installations/find-installation.ts';
import { assertBoundApp } from '../db/system-state/bound-app.ts';
import { recordFailure } from '../db/jobs/write-jobs.ts';
import { enqueueVerification } from '../db/repository-sync/enqueue-repositories.ts';
import { recordVerification } from '../db/system-state/record-verification.ts';
import { setPurpose } from '../github/session/usage.ts';
import { countInJob } from '../sync/count-in-job.ts';
import { queuePending } from '../sync/deliveries/queue-pending.ts';
import { holdDeliveryLog } from '../sync/delivery-log/hold-delivery-log.ts';
import { recoverDeliveries as recoverFromLog } from '../sync/delivery-log/recover-deliveries.ts';
import { listInstallations } from '../sync/installation/list-installations.ts';
import { runActivity, type ActivityDependencies, type Run } from './run-activity.ts';

/** How many installations a sweep takes at a time. */
const PAGE = 50;

export function createSweepActivities(deps: ActivityDependencies) {
  const db = () => sqlOf(deps.orm);

  /** Recovers lost deliveries from the App's delivery log, and queues every repository with pending ones. */
  async function recoverDeliveries(input: { jobId: string }): Promise<{ recovered: number; more: boolean }> {
    return ask(deps, input.jobId, (run) => recoverAndQueue(deps, input.jobId, run));
  }

  /** Makes the list of installations match GitHub's. */
  async function listInstallationsAtGitHub({ jobId }: { jobId: string }): Promise<{ installations: number }> {
    return ask(deps, jobId, async () => ({ installations: await listInstallations(deps, jobId) }));
  }

  /** Queues this sweep's share of the full comparison; all repositories with `everything`. */
  async function queueVerification(input: { everything: boolean }): Promise<{ queued: number }> {
    return runActivity(async () => {
      const share = input.everything ? 1 : Math.min(1, deps.sweepIntervalMs / deps.verifyIntervalMs);
      const olderThanMs = input.everything ? 0 : deps.verifyIntervalMs;
      return { queued: await enqueueVerification(db(), share, olderThanMs) };
    });
  }

  /** The next installations that are not marked as deleted, by id. */
  async function nextInstallations(input: { after: number }): Promise<{ ids: number[]; more: boolean }> {
    return runActivity(async () => {
      const ids = await installationsAfter(db(), input.after, PAGE);
      return { ids, more: ids.length === PAGE };
    });
  }

  /** Wakes the import of an installation, which continues its queue where the sweep stopped. */
  async function leaveToImport(input: { installationId: number }): Promise<void> {
    return runActivity(async () => {
      const target = await findInstallationTarget(db(), input.installationId);
      if (target?.state === 'live') await deps.wakeImport(target, 'schedule');
    });
  }

  /** Records what the full comparisons found, once every live repository has had one. */
  async function concludeVerification(): Promise<void> {
    return runActivity(() => recordVerification(db()));
  }

  return {
    recoverDeliveries,
    listInstallationsAtGitHub,
    queueVerification,
    nextInstallations,
    leaveToImport,
    concludeVerification,
  };
}

/** Calls GitHub as this deployment's App, for a sweep, and counts the requests in the job. */
function ask<T>(deps: ActivityDependencies, jobId: string, work: (run: Run) => Promise<T>): Promise<T> {
  return runActivity((run) =>
    countInJob(deps.orm, jobId, run.signal, async () => {
      setPurpose('sweeps');
      await assertBoundApp(sqlOf(deps.orm), deps.github.appId);
      return work(run);
    }),
  );
}

async function recoverAndQueue(
  deps: ActivityDependencies,
  jobId: string,
  run: Run,
): Promise<{ recovered: number; more: boolean }> {
  const { recovered, more, error } = await holdDeliveryLog(deps.orm, run.owner, (onProgress) =>
    recoverFromLog(deps, () => {
      onProgress();
      heartbeat();
    }),
  );
  await queuePending(deps, heartbeat);
  if (error !== null && !more) {
    deps.log.warn({ err: error }, 'the delivery log could not be read in full');
    await recordFailure(sqlOf(deps.orm), jobId, error);
  }
  return { recovered, more };
}
