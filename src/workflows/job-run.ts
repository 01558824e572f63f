import {
  allHandlersFinished,
  CancellationScope,
  condition,
  ContinueAsNew,
  isCancellation,
  patched,
} from '@temporalio/workflow';
import type { OpenedJob, OpenJobInput } from '../activities/job-activities.ts';
import { databaseActivities, localActivities } from './activity-options.ts';
import type { Callers } from './callers.ts';
import { failureOf, reasonOf, type Reason } from './failures.ts';

/** Opens a job, in the workflow's own task where the database answers at once. */
export async function openJob(input: OpenJobInput): Promise<OpenedJob> {
  // Runs that an earlier version began have it as any other activity.
  if (!patched('open-job-locally')) return databaseActivities.openJob(input);
  try {
    return await localActivities.openJob(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return databaseActivities.openJob(input);
  }
}

/** Does the work of an open job and finishes it, and answers those who waited for it. It may continue as new. */
export async function runJob(
  job: { jobId: string; callers?: Callers },
  work: () => Promise<void>,
): Promise<void> {
  const { jobId, callers } = job;
  const workAndFinish = async (): Promise<void> => {
    await work();
    callers?.startServing();
    const finished = await databaseActivities.finishJob({ jobId, outcome: 'done' });
    callers?.answer(finished);
  };
  await closeOnFailure(workAndFinish, callers, (outcome, error) =>
    databaseActivities.finishJob({ jobId, outcome, error }),
  );
}

/**
 * Does the work of a workflow. When it fails or is cancelled, who waits is told and `close` writes down how the job
 * ended, both before the workflow ends.
 *
 * @throws what the workflow is to end with: a cancellation, or a failure whose type is a code of the error table
 */
export async function closeOnFailure(
  work: () => Promise<void>,
  callers: Callers | undefined,
  close: (outcome: 'failed' | 'cancelled', reason: Reason) => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    const cancelled = isCancellation(error);
    const reason = reasonOf(error);
    callers?.end(reason);
    await CancellationScope.nonCancellable(async () => {
      await close(cancelled ? 'cancelled' : 'failed', reason);
      await condition(allHandlersFinished);
    });
    throw cancelled ? error : failureOf(reason);
  }
}
