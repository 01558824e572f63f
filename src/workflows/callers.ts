import { ApplicationFailure } from '@temporalio/workflow';
import type { Job } from '../model.ts';

/** One that waits in `syncNow`. */
export interface Caller {
  resolve: (job: Job) => void;
  reject: (failure: Error) => void;
}

/**
 * Those who wait in `syncNow`. A promise of their own, not a `condition`: it outlives the workflow's
 * cancellation, so that a caller is told how the work ended.
 */
export function createCallers() {
  let waiting: Caller[] = [];
  let ended: Error | undefined;

  /** The body of `syncNow`. */
  async function wait(): Promise<Job> {
    if (ended !== undefined) throw ended;
    return new Promise<Job>((resolve, reject) => waiting.push({ resolve, reject }));
  }

  /** Those who asked until now; who asks from now on waits for the work after this. */
  function take(): Caller[] {
    const taken = waiting;
    waiting = [];
    return taken;
  }

  /** The workflow fails: tells all who wait, and all who still come. */
  function end(failure: Error, served: readonly Caller[] = []): void {
    ended = failure;
    for (const { reject } of [...served, ...take()]) reject(failure);
  }

  return { wait, take, end, nobody: () => waiting.length === 0 };
}

/** Tells callers what came of the work. */
export function answer(callers: readonly Caller[], job: Job | null): void {
  for (const { resolve, reject } of callers) {
    if (job === null) reject(ApplicationFailure.create({ message: 'nothing was done' }));
    else resolve(job);
  }
}
