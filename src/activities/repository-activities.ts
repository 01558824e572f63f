import { activityInfo } from '@temporalio/activity';
import { sqlOf } from '../db/orm.ts';
import { findJob } from '../db/jobs/find-job.ts';
import { findRepository } from '../db/repositories/repository-state.ts';
import {
  countDue,
  DELIVERIES_AT_ONCE,
  finishDeliveries,
  hasPendingDeliveries,
  recordDeliveryError,
  pendingGuids,
} from '../db/deliveries/pending-deliveries.ts';
import { nextRetryMs } from '../db/deliveries/hold-deliveries.ts';
import {
  finishJob,
  recordJobError,
  openJob,
  type FinalStatus,
  type JobError,
} from '../db/jobs/write-jobs.ts';
import { writeUnleased } from '../db/repositories/repository-lease.ts';
import { failComparison } from '../db/repositories/repository-progress.ts';
import { errorTable, isInstallationGone, SyncError } from '../errors.ts';
import { logEndedJob } from '../log-ended-job.ts';
import { introduceRepository } from '../sync/repository/introduce-repository.ts';
import { syncRepository } from '../sync/repository/sync-repository.ts';
import type { SyncOutcome } from '../sync/repository/sync-request.ts';
import type { Job, Trigger } from '../model.ts';
import { describeError } from './failure.ts';
import { waitingFor, type Waiting } from './waiting.ts';
import { jobIdOf, pageOf } from './job-activities.ts';
import { runActivity, type ActivityDependencies, type Run } from './run-activity.ts';

export interface RoundInput {
  repositoryId: number;
  trigger: Trigger;
  round: number;
  /** of the first run: jobs are kept under it, however often the workflow continued as new */
  runId: string;
}

export interface RoundResult {
  /** null when there was nothing to do */
  job: Job | null;
  /** true: the same round continues in another activity */
  more: boolean;
  /** why GitHub cannot be asked now: what needs no question is in the rows already */
  waiting: Waiting | null;
  /** in how long a delivery that could not be applied is due again; null without any */
  retryAfterMs: number | null;
  /** what people search for; null where the namespace has no such attributes */
  labels: { installationId: number | null; repository: string } | null;
  /** the job's page of the dashboard; null without a job, or where the address is unknown */
  page: string | null;
}

type Outcome = Omit<RoundResult, 'page'>;

const NOTHING: Outcome = { job: null, more: false, waiting: null, retryAfterMs: null, labels: null };

/** A long reading is saved and interrupted after so long, so that deliveries of the repository get their turn. */
const SLICE_MS = 20_000;
/** A comparison under way lets deliveries in between two pages; Temporal tries later what does not come in within so long. */
const PATIENCE_MS = 1000;

export function createRepositoryActivities(deps: ActivityDependencies) {
  const db = () => sqlOf(deps.orm);

  /**
   * One round of a repository: what was delivered, or (any trigger but `webhook` and `recovery`) the whole
   * compared with GitHub. Opens the round's job and ends it when its rows are written.
   */
  async function syncRound(input: RoundInput): Promise<RoundResult> {
    return runActivity(async (run) => {
      const outcome = await work(input, run);
      const page = outcome.job === null ? null : pageOf(deps.dashboardUrl, outcome.job.id);
      return { ...outcome, page };
    });
  }

  async function work(input: RoundInput, run: Run): Promise<Outcome> {
    const { repositoryId, trigger } = input;
    const byDelivery = trigger === 'webhook' || trigger === 'recovery';
    const jobId = jobIdOf(input.runId, input.round);
    const [waiting, known] = await Promise.all([
      pendingGuids(db(), repositoryId),
      findRepository(db(), repositoryId),
    ]);
    let repository = known;
    if (byDelivery) {
      const begun = waiting.length > 0 || (await findJob(db(), jobId)) !== null;
      if (!begun || (known === null && !(await introduceRepository(deps, repositoryId, run.signal)))) {
        return { ...NOTHING, retryAfterMs: await nextRetryMs(db(), repositoryId) };
      }
      repository ??= await findRepository(db(), repositoryId);
    }
    if (repository === null) {
      throw new SyncError('REPOSITORY_UNKNOWN', `no repository ${repositoryId} is mirrored`);
    }
    await openJob(db(), {
      id: jobId,
      job_type: byDelivery ? 'webhook' : 'repository_sync',
      trigger,
      installation_id: repository.installation_id,
      repository_id: repositoryId,
      workflow_id: activityInfo().workflowExecution?.workflowId ?? '',
      run_id: input.runId,
    });
    try {
      const outcome = await syncRepository(deps, {
        repositoryId,
        jobId,
        owner: run.owner,
        scope: byDelivery ? 'deliveries' : 'compare',
        // A verification that a person asked for, or that no sweep has come to yet, is made by the same round.
        mode: !byDelivery && repository.queued_mode === 'full' ? 'full' : 'incremental',
        askWhatIsNew: !byDelivery,
        ...(byDelivery ? { patienceMs: PATIENCE_MS } : {}),
        purpose: byDelivery ? 'webhooks' : trigger === 'manual' ? 'people' : 'sweeps',
        deadline: Date.now() + SLICE_MS,
        signal: run.signal,
      });
      // What comes in meanwhile wakes the next round: a busy repository's jobs end too.
      // Of what waited when it began, a page was worked on; while that makes progress, the rest is next.
      const due = await countDue(db(), waiting);
      const full = waiting.length === DELIVERIES_AT_ONCE && due < waiting.length;
      const left =
        (due > 0 && due < waiting.length) || (full && (await hasPendingDeliveries(db(), repositoryId)));
      const more = outcome.state === 'unfinished' || left;
      const ended = more ? null : await endJob(jobId, outcome);
      const labels = deps.searchAttributesExist()
        ? { installationId: repository.installation_id, repository: repository.full_name }
        : null;
      const retryAfterMs = await nextRetryMs(db(), repositoryId);
      return {
        job: ended ?? (await findJob(db(), jobId)),
        more,
        waiting: null,
        retryAfterMs,
        labels,
      };
    } catch (error) {
      if (run.signal.aborted) throw error;
      const reason = describeError(error);
      await showReason(input, jobId, repository.queued_at, reason);
      const job = await findJob(db(), jobId);
      if (isInstallationGone(reason.code)) return { ...NOTHING, job };
      const waiting = waitingFor(error);
      if (waiting === null) throw error;
      return { ...NOTHING, job, waiting };
    }
  }

  /** Null where it has ended before. */
  async function endJob(jobId: string, outcome: SyncOutcome): Promise<Job | null> {
    const error = outcome.state === 'unfinished' ? null : outcome.error;
    const shown = error === null ? null : { code: error.code, message: error.message };
    const counts = { repositories: 1, failures: error === null ? 0 : 1 };
    return end(jobId, shown === null ? 'completed' : 'partial', shown, counts);
  }

  async function end(
    jobId: string,
    status: FinalStatus,
    error: JobError | null,
    counts = {},
  ): Promise<Job | null> {
    const ended = await finishJob(db(), jobId, status, error, counts);
    if (ended !== null) logEndedJob(deps.log, ended);
    return ended;
  }

  /** Why the round waits or has failed, where people look: in the job, its deliveries and the repository. */
  async function showReason(
    input: RoundInput,
    jobId: string,
    queuedAt: string | null,
    reason: JobError,
  ): Promise<void> {
    if (reason.code === 'DATABASE_UNAVAILABLE') return;
    const guids = await pendingGuids(db(), input.repositoryId);
    const words = `${reason.code}: ${reason.message}`;
    if (errorTable[reason.code].retryable) {
      await recordJobError(db(), jobId, reason);
      await recordDeliveryError(db(), guids, words);
      return;
    }
    await end(jobId, 'failed', reason);
    await writeUnleased(deps.orm, input.repositoryId, (tx) =>
      failComparison(tx, input.repositoryId, queuedAt, reason),
    );
    // What cannot be applied now is compared in full when the installation is back.
    if (isInstallationGone(reason.code)) await finishDeliveries(db(), guids, 'processed', words);
    else await recordDeliveryError(db(), guids, words);
  }

  /** Ends the job of a round that will not be tried again. */
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
      await end(jobIdOf(input.runId, input.round), input.outcome, error);
    });
  }

  return { syncRound, endRound };
}
