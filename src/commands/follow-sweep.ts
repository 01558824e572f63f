import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sql } from '../db/orm.ts';
import type { FinalStatus } from '../db/jobs/write-jobs.ts';
import { findEndedSweep, findRunningSweep, findSweep } from '../db/jobs/list-jobs.ts';
import type { Job } from '../model.ts';
import { progressQuery, type Progress } from '../workflows/messages.ts';

const LOOK_MS = 500;
const ASK_EVERY_LOOKS = 4;
const ASK_DEADLINE_MS = 1500;
/** A worker picks up a sweep within a second. */
const HINT_AFTER_MS = 10_000;
/** A terminated workflow cannot record how it ended: the workers notice and do so. */
const GIVE_UP_AFTER_MS = 120_000;

export interface SweepRun {
  workflow_id: string;
  run_id: string;
}

export type FinishedJob = Job & { status: FinalStatus };

export interface FollowDeps {
  db: Sql;
  client: Client;
  /** when the command began, by the database's clock: before the sweep was started */
  since: string;
  onProgress: (job: Job, progress: Progress | null) => void;
  /** A hint for the person who waits. */
  onHint: (line: string) => void;
}

/**
 * Follows a sweep by its job until that is finished. A sweep that found another one running ends without a job
 * of its own: then the other one is followed, or its result is returned if it has ended meanwhile.
 *
 * @throws Error if the workflow has ended and no job says how
 */
export async function followSweep(deps: FollowDeps, started: SweepRun): Promise<FinishedJob> {
  const { db, since, onProgress, onHint } = deps;
  const began = Date.now();
  let sweep = started;
  let progress: Progress | null = null;
  let endedAt: number | null = null;
  let hinted = false;
  for (let look = 0; ; look += 1) {
    const job = await findSweep(db, sweep);
    if (job !== null && isFinished(job)) return job;
    if (job !== null) onProgress(job, progress);
    if (look % ASK_EVERY_LOOKS === 0) {
      const state = await queryWorkflow(deps.client, sweep);
      progress = state.progress ?? progress;
      endedAt = state.ended ? (endedAt ?? Date.now()) : null;
    }
    if (job === null && endedAt !== null) {
      const other = (await findRunningSweep(db)) ?? (await findEndedSweep(db, since));
      if (other !== null) {
        onHint(`Another sweep was already running; joined it (started at ${other.started_at})`);
        sweep = other;
        endedAt = null;
      }
    }
    if (job === null && endedAt === null && !hinted && Date.now() - began > HINT_AFTER_MS) {
      hinted = true;
      onHint('No worker has picked it up yet: is "npm run worker" or "npm start" running?');
    }
    if (endedAt !== null && Date.now() - endedAt > GIVE_UP_AFTER_MS) {
      throw new Error(`the workflow ${sweep.workflow_id} ended without a job that says how`);
    }
    await sleep(LOOK_MS);
  }
}

/** Temporal's view. It may be unavailable for a while: the job in the database is what counts. */
async function queryWorkflow(
  client: Client,
  { workflow_id: workflowId }: SweepRun,
): Promise<{ ended: boolean; progress: Progress | null }> {
  const handle = client.workflow.getHandle(workflowId);
  const ask = async <T>(question: () => Promise<T>): Promise<T | null> =>
    client.withDeadline(Date.now() + ASK_DEADLINE_MS, question).catch(() => null);
  const description = await ask(() => handle.describe());
  const ended = description !== null && description.status.name !== 'RUNNING';
  return { ended, progress: ended ? null : await ask(() => handle.query(progressQuery)) };
}

function isFinished(job: Job): job is FinishedJob {
  return job.status !== 'running';
}
