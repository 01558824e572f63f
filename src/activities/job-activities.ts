import { createHash } from 'node:crypto';
import { sqlOf } from '../db/orm.ts';
import { findJob } from '../db/jobs/find-job.ts';
import {
  finishJob as endJob,
  recordFailure,
  recordJobError,
  openJob as beginJob,
  type JobError,
} from '../db/jobs/write-jobs.ts';
import { logEndedJob } from '../log-ended-job.ts';
import type { Job, JobType, Trigger } from '../model.ts';
import { runActivity, type ActivityDependencies } from './run-activity.ts';

export interface OpenJobInput {
  jobType: JobType;
  trigger: Trigger;
  installationId?: number;
  workflowId: string;
  runId: string;
  /** if one workflow does several jobs, one after the other */
  round?: number;
}

/** How a sweep divides its time: fixed when the job is opened, so that a run keeps the pace it began with. */
interface SweepPace {
  /** how long it works on one installation before it leaves it to its import */
  turnMs: number;
  /** how often it reads the delivery log while it lasts */
  recoverEveryMs: number;
}

export interface OpenedJob {
  jobId: string;
  /** false: another sweep is running, so this run has nothing to do */
  opened: boolean;
  /** the namespace has our search attributes */
  searchable: boolean;
  /** the job's page in the dashboard; null if its address is unknown */
  page: string | null;
  /** only for a sweep's job */
  pace?: SweepPace;
}

export interface FinishJobInput {
  jobId: string;
  /** `done` becomes `partial` if errors were counted */
  outcome: 'done' | 'failed' | 'cancelled';
  error?: JobError;
}

/**
 * Fifteen calls of `drainQueue`: what one or two repositories of ordinary size need after some days of
 * activity.
 */
const TURN_MS = 5 * 60_000;

const SOME_FAILED: JobError = { code: 'PARTLY_FAILED', message: 'some of it failed' };

/** The same job for every attempt: its id is derived from the run that it belongs to. */
export function jobIdOf(runId: string, round: number | string): string {
  const hex = createHash('sha256').update(`${runId}/${round}`).digest('hex');
  // Formatted as a UUID of version 8, the one for custom ids (RFC 9562, 5.8).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A job's page in the dashboard, or null if its address is unknown. */
export function pageOf(dashboardUrl: string | null, jobId: string): string | null {
  return dashboardUrl === null ? null : `${dashboardUrl}/jobs/${jobId}`;
}

export function createJobActivities(deps: ActivityDependencies) {
  const db = () => sqlOf(deps.orm);

  /** Opens the job of a run, or finds the one that an earlier attempt or run of it opened. */
  async function openJob(input: OpenJobInput): Promise<OpenedJob> {
    return runActivity(async () => {
      const id = jobIdOf(input.runId, input.round ?? 0);
      const run = { workflow_id: input.workflowId, run_id: input.runId };
      const opened = await beginJob(db(), {
        id,
        job_type: input.jobType,
        trigger: input.trigger,
        installation_id: input.installationId ?? null,
        repository_id: null,
        ...run,
        temporal_url: deps.temporalUrl(run),
      });
      const searchable = deps.searchAttributesExist();
      const job = { jobId: id, opened, searchable, page: pageOf(deps.dashboardUrl, id) };
      if (input.jobType !== 'periodic_sweep') return job;
      return { ...job, pace: { turnMs: TURN_MS, recoverEveryMs: deps.sweepIntervalMs } };
    });
  }

  async function finishJob(input: FinishJobInput): Promise<Job | null> {
    return runActivity(async () => {
      const job = await findJob(db(), input.jobId);
      const partial = input.outcome === 'done' && (job?.errors ?? 0) > 0;
      const status = partial ? 'partial' : input.outcome === 'done' ? 'completed' : input.outcome;
      const reason = partial ? (job?.error ?? SOME_FAILED) : null;
      const ended = await endJob(db(), input.jobId, status, input.error ?? reason);
      if (ended === null) return findJob(db(), input.jobId);
      logEndedJob(deps.log, ended);
      return ended;
    });
  }

  /** Records in the job why a part of it failed for good, or waits (`waits`). */
  async function noteFailure(input: { jobId: string; error: JobError; waits?: boolean }): Promise<void> {
    return runActivity(async () => {
      if (input.waits === true) await recordJobError(db(), input.jobId, input.error);
      else await recordFailure(db(), input.jobId, input.error);
    });
  }

  return { openJob, finishJob, noteFailure };
}
