import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { Job } from '../model.ts';
import { failureOf, type Reason } from './failures.ts';

interface Caller {
  resolve: (job: Job) => void;
  reject: (failure: Error) => void;
}

export type Callers = ReturnType<typeof createCallers>;

/**
 * Those who wait in `syncNow`. A promise of their own, not a `condition`: it outlives the workflow's
 * cancellation, so that a caller is told how the work ended.
 */
export function createCallers() {
  let waiting: Caller[] = [];
  let serving: Caller[] = [];
  let ended: Error | undefined;

  /** The workflow, or this run of it, ends: tells all who wait, and all who still come. */
  function end(reason: Reason): void {
    ended = failureOf(reason);
    for (const { reject } of [...serving, ...waiting]) reject(ended);
    serving = [];
    waiting = [];
  }

  return {
    end,
    /** The body of `syncNow`. */
    async wait(): Promise<Job> {
      if (ended !== undefined) throw ended;
      return new Promise<Job>((resolve, reject) => waiting.push({ resolve, reject }));
    },
    /** Those who asked until now are answered next; who asks from now on waits for the work after this. */
    startServing(): void {
      serving.push(...waiting);
      waiting = [];
    },
    /** Tells those being served what came of the work. */
    answer(job: Job | null): void {
      for (const { resolve, reject } of serving) {
        if (job === null) reject(failureOf({ code: 'UNKNOWN', message: 'nothing was done' }));
        else resolve(job);
      }
      serving = [];
    },
    /** Before the work continues in another run, which cannot answer the updates of this one. */
    async dismiss(): Promise<void> {
      end({ code: 'STILL_RUNNING', message: 'it takes long: see the job' });
      await condition(allHandlersFinished);
    },
    hasWaiters: () => waiting.length + serving.length > 0,
  };
}
