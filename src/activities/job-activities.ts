import { createHash } from 'node:crypto';
import { sqlOf, type Sql } from '../db/orm.ts';
import { findJob } from '../db/jobs/find-job.ts';
import { findRunningSweep } from '../db/jobs/list-jobs.ts';
import {
  finishJob as endJob,
  recordFailure,
  recordJobError,
  openJob as beginJob,
  type JobError,
  type NewJob,
} from '../db/jobs/write-jobs.ts';
import { SyncError } from '../errors.ts';
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

/** A sweep that finds another one's workflow just ended looks again after this time. */
const LOOK_AGAIN_MS = 2000;

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
      const begin = input.jobType === 'periodic_sweep' ? beginSweep : beginJob;
      const opened = await begin(db(), {
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

  /** A sweep that was terminated leaves its job open for some seconds: no reason for this one to do nothing. */
  async function beginSweep(sql: Sql, job: NewJob): Promise<boolean> {
    if (await beginJob(sql, job)) return true;
    const other = await findRunningSweep(sql);
    const state = other === null ? 'ended' : await deps.reapJob(other);
    if (state === 'closing') {
      const message = 'the workflow of another sweep ended a moment ago, its job is about to end';
      throw new SyncError('STILL_RUNNING', message, { retryAfterMs: LOOK_AGAIN_MS });
    }
    return state === 'ended' && beginJob(sql, job);
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
