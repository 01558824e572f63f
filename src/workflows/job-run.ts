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

/** Opens a job, within the workflow task if the database answers at once. */
export async function openJob(input: OpenJobInput): Promise<OpenedJob> {
  // Runs started by an earlier version open it in a regular activity.
  if (!patched('open-job-locally')) return databaseActivities.openJob(input);
  try {
    return await localActivities.openJob(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return databaseActivities.openJob(input);
  }
}

/** Does the work of an open job and finishes it, then answers its callers. It may continue as new. */
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
 * Does the work of a workflow. If it fails or is cancelled, callers are answered and `close` records how the
 * job ended, both before the workflow ends.
 *
 * @throws the error to end the workflow with: a cancellation, or a failure whose type is a code from the error
 * table
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
