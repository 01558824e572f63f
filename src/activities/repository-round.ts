import { activityInfo } from '@temporalio/activity';
import { sqlOf, type Sql } from '../db/orm.ts';
import { findJob } from '../db/jobs/find-job.ts';
import { findRepository, type StoredRepository } from '../db/repository-sync/repository-state.ts';
import {
  countDue,
  DELIVERIES_AT_ONCE,
  hasPendingDeliveries,
  pendingGuids,
} from '../db/deliveries/pending-deliveries.ts';
import { openJob } from '../db/jobs/write-jobs.ts';
import { SyncError } from '../errors.ts';
import { introduceRepository } from '../sync/deliveries/introduce-repository.ts';
import type { SyncRequest } from '../sync/context/sync-request.ts';
import type { Trigger } from '../model.ts';
import { jobIdOf } from './job-activities.ts';
import type { ActivityDependencies, Run } from './run-activity.ts';

export interface RoundInput {
  repositoryId: number;
  trigger: Trigger;
  round: number;
  /** of the first run: jobs are stored under it, however often the workflow continued as new */
  runId: string;
}

/** A round whose job is open. */
export interface Round {
  jobId: string;
  trigger: Trigger;
  byDelivery: boolean;
  repository: StoredRepository;
  /** the deliveries that were pending when it began, at most one page of them */
  guids: readonly string[];
}

/**
 * How long a reading may last before it is saved and interrupted, so that the repository's deliveries get their
 * turn.
 */
const SLICE_MS = 20_000;
/**
 * A running comparison lets deliveries in between two pages; if it does not within this time, Temporal retries
 * them later.
 */
const PATIENCE_MS = 1000;

/**
 * Opens the job of a round, or finds the one opened by an earlier attempt.
 *
 * @returns null if there is nothing left to apply
 */
export async function openRound(
  deps: ActivityDependencies,
  { repositoryId, trigger, round, runId }: RoundInput,
  signal: AbortSignal,
): Promise<Round | null> {
  const db = sqlOf(deps.orm);
  const byDelivery = trigger === 'webhook' || trigger === 'recovery';
  const jobId = jobIdOf(runId, round);
  const [guids, known] = await Promise.all([
    pendingGuids(db, repositoryId),
    findRepository(db, repositoryId),
  ]);
  let repository = known;
  if (byDelivery) {
    const begun = guids.length > 0 || (await findJob(db, jobId)) !== null;
    if (!begun) return null;
    if (known === null && !(await introduceRepository(deps, repositoryId, signal))) return null;
    repository ??= await findRepository(db, repositoryId);
  }
  if (repository === null) {
    throw new SyncError('REPOSITORY_UNKNOWN', `no repository ${repositoryId} is mirrored`);
  }
  const run = { workflow_id: activityInfo().workflowExecution?.workflowId ?? '', run_id: runId };
  await openJob(db, {
    id: jobId,
    job_type: byDelivery ? 'webhook' : 'repository_sync',
    trigger,
    installation_id: repository.installation_id,
    repository_id: repositoryId,
    ...run,
    temporal_url: deps.temporalUrl(run),
  });
  return { jobId, trigger, byDelivery, repository, guids };
}

/** The sync request of the round. */
export function requestOf({ jobId, trigger, byDelivery, repository }: Round, run: Run): SyncRequest {
  return {
    repositoryId: repository.id,
    jobId,
    owner: run.owner,
    scope: byDelivery ? 'deliveries' : 'compare',
    // If a person requested a verification, or a sweep queued one that has not run yet, this round does it.
    mode: !byDelivery && repository.queued_mode === 'full' ? 'full' : 'incremental',
    shouldProbe: !byDelivery,
    ...(byDelivery ? { patienceMs: PATIENCE_MS } : {}),
    purpose: byDelivery ? 'webhooks' : trigger === 'manual' ? 'people' : 'sweeps',
    deadline: Date.now() + SLICE_MS,
    signal: run.signal,
  };
}

/**
 * Of the deliveries that were pending when the round began, one page was processed; as long as that makes
 * progress, the rest follows. Deliveries that arrive meanwhile wake the next round, so that a busy repository's
 * jobs end too.
 */
export async function hasMoreDeliveries(db: Sql, { guids, repository }: Round): Promise<boolean> {
  const due = await countDue(db, guids);
  if (due >= guids.length) return false;
  return due > 0 || (guids.length === DELIVERIES_AT_ONCE && (await hasPendingDeliveries(db, repository.id)));
}
