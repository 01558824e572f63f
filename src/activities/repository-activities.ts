import { sqlOf } from '../db/orm.ts';
import { findJob } from '../db/jobs/find-job.ts';
import { finishDeliveries, recordDeliveryError, pendingGuids } from '../db/deliveries/pending-deliveries.ts';
import { nextRetryMs } from '../db/deliveries/hold-deliveries.ts';
import { finishJob, recordJobError, type FinalStatus, type JobError } from '../db/jobs/write-jobs.ts';
import { writeUnleased } from '../db/repository-sync/repository-lease.ts';
import { isBackfillLeft } from '../db/repository-sync/queued-in-job.ts';
import { failComparison } from '../db/repository-sync/repository-progress.ts';
import { findRepository } from '../db/repository-sync/repository-state.ts';
import { errorTable, isInstallationGone } from '../errors.ts';
import { logEndedJob } from '../log-ended-job.ts';
import { syncRepository } from '../sync/repository/sync-repository.ts';
import type { SyncOutcome } from '../sync/context/sync-request.ts';
import type { Job } from '../model.ts';
import { describeError } from './failure.ts';
import { waitingFor, type Waiting } from './waiting.ts';
import { jobIdOf, pageOf } from './job-activities.ts';
import { hasMoreDeliveries, openRound, requestOf, type Round, type RoundInput } from './repository-round.ts';
import { runActivity, type ActivityDependencies, type Run } from './run-activity.ts';

export interface RoundResult {
  /** null when there was nothing to do */
  job: Job | null;
  /** true if the same round continues in another activity */
  more: boolean;
  /** why GitHub cannot be asked now; whatever needs no request is already written */
  waiting: Waiting | null;
  /** when a delivery that could not be applied is due again; null if there is none */
  retryAfterMs: number | null;
  /** the values that people search for; null if the namespace has no such attributes */
  labels: { installationId: number | null; repository: string } | null;
  /** the job's page in the dashboard; null without a job, or if the address is unknown */
  page: string | null;
}

type Outcome = Omit<RoundResult, 'page'>;

const NOTHING: Outcome = { job: null, more: false, waiting: null, retryAfterMs: null, labels: null };

export function createRepositoryActivities(deps: ActivityDependencies) {
  /**
   * One round of a repository: it applies deliveries or (for any trigger but `webhook` and `recovery`) compares
   * everything with GitHub. Opens the round's job and ends it once its rows are written.
   */
  async function syncRound(input: RoundInput): Promise<RoundResult> {
    return runActivity(async (run) => {
      const outcome = await runRound(deps, input, run);
      const page = outcome.job === null ? null : pageOf(deps.dashboardUrl, outcome.job.id);
      return { ...outcome, page };
    });
  }

  /** Ends the job of a round that will not be retried. */
  async function endRound(input: {
    runId: string;
    round: number;
    outcome: 'failed' | 'cancelled';
  }): Promise<void> {
    return runActivity(async () => {
      const error =
        input.outcome === 'cancelled'
          ? ({ code: 'JOB_CANCELLED', message: 'cancelled' } as const)
          : ({ code: 'JOB_ABANDONED', message: 'given up after a day of tries' } as const);
      await endJob(deps, jobIdOf(input.runId, input.round), input.outcome, error);
    });
  }

  return { syncRound, endRound };
}

async function runRound(deps: ActivityDependencies, input: RoundInput, run: Run): Promise<Outcome> {
  const db = sqlOf(deps.orm);
  const { repositoryId } = input;
  const round = await openRound(deps, input, run.signal);
  if (round === null) return { ...NOTHING, retryAfterMs: await nextRetryMs(db, repositoryId) };
  const { jobId, repository } = round;
  try {
    const outcome = await syncRepository(deps, requestOf(round, run));
    const more = outcome.state === 'unfinished' || (await hasMoreDeliveries(db, round));
    // Before the job has ended: if Temporal refuses the wake, the round is tried again and its job still runs.
    if (!more) await leaveFurtherKinds(deps, round);
    const ended = more ? null : await endSynced(deps, jobId, outcome);
    const labels = deps.searchAttributesExist()
      ? { installationId: repository.installation_id, repository: repository.full_name }
      : null;
    const retryAfterMs = await nextRetryMs(db, repositoryId);
    return { job: ended ?? (await findJob(db, jobId)), more, waiting: null, retryAfterMs, labels };
  } catch (error) {
    if (run.signal.aborted) throw error;
    const reason = describeError(error);
    await recordReason(deps, round, reason);
    const job = await findJob(db, jobId);
    if (isInstallationGone(reason.code)) return { ...NOTHING, job };
    const waiting = waitingFor(error);
    if (waiting === null) throw error;
    return { ...NOTHING, job, waiting };
  }
}

/**
 * A first comparison queues the further kinds, which are read by whoever works off the queue of the
 * installation. If nobody does, that would be the next sweep. Whether there are any is read from the queue: the
 * attempt that compared may have died before its wake. Woken as by deliveries, an import that is running does not
 * read the list of repositories again.
 */
async function leaveFurtherKinds(deps: ActivityDependencies, { jobId, repository }: Round): Promise<void> {
  const db = sqlOf(deps.orm);
  if (!(await isBackfillLeft(db, jobId))) return;
  const now = await findRepository(db, repository.id);
  if (now === null || now.installation_id === null || now.removed_at !== null) return;
  const [label = null] = now.full_name.split('/');
  await deps.wakeImport({ id: now.installation_id, label }, 'webhook');
}

/** Ends the job of a round that synced the repository; null if it has already ended. */
async function endSynced(
  deps: ActivityDependencies,
  jobId: string,
  outcome: SyncOutcome,
): Promise<Job | null> {
  const error = outcome.state === 'unfinished' ? null : outcome.error;
  const shown = error === null ? null : { code: error.code, message: error.message };
  const counts = { repositories: 1, failures: error === null ? 0 : 1 };
  return endJob(deps, jobId, shown === null ? 'completed' : 'partial', shown, counts);
}

async function endJob(
  deps: ActivityDependencies,
  jobId: string,
  status: FinalStatus,
  error: JobError | null,
  counts = {},
): Promise<Job | null> {
  const ended = await finishJob(sqlOf(deps.orm), jobId, status, error, counts);
  if (ended !== null) logEndedJob(deps.log, ended);
  return ended;
}

/** Records why the round waits or failed where people look: in the job, its deliveries and the repository. */
async function recordReason(
  deps: ActivityDependencies,
  { jobId, repository }: Round,
  reason: JobError,
): Promise<void> {
  if (reason.code === 'DATABASE_UNAVAILABLE') return;
  const db = sqlOf(deps.orm);
  const guids = await pendingGuids(db, repository.id);
  const words = `${reason.code}: ${reason.message}`;
  if (errorTable[reason.code].retryable) {
    await recordJobError(db, jobId, reason);
    await recordDeliveryError(db, guids, words);
    return;
  }
  // A suspension or an uninstall is no failure of the round: it ends as if that had been known when it began.
  const isGone = isInstallationGone(reason.code);
  await endJob(
    deps,
    jobId,
    isGone ? 'partial' : 'failed',
    reason,
    isGone ? { repositories: 1, failures: 1 } : {},
  );
  await writeUnleased(deps.orm, repository.id, (tx) =>
    failComparison(tx, repository.id, repository.queued_at, reason),
  );
  // What cannot be applied now is compared in full when the installation is back.
  if (isGone) await finishDeliveries(db, guids, 'processed', words);
  else await recordDeliveryError(db, guids, words);
}
