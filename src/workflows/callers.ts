import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { Job } from '../model.ts';
import { failureOf, type Reason } from './failures.ts';

interface Caller {
  resolve: (job: Job) => void;
  reject: (failure: Error) => void;
}

export type Callers = ReturnType<typeof createCallers>;

/**
 * The callers that wait in `syncNow`. They wait for a promise rather than a `condition`, because it survives
 * the workflow's cancellation, so that callers still learn how the work ended.
 */
export function createCallers() {
  let waiting: Caller[] = [];
  let serving: Caller[] = [];
  let ended: Error | undefined;

  /** The workflow, or this run of it, ends: answers all callers, present and future. */
  function end(reason: Reason): void {
    ended = failureOf(reason);
    for (const { reject } of [...serving, ...waiting]) reject(ended);
    serving = [];
    waiting = [];
  }

  return {
    end,
    /** The handler of `syncNow`. */
    async wait(): Promise<Job> {
      if (ended !== undefined) throw ended;
      return new Promise<Job>((resolve, reject) => waiting.push({ resolve, reject }));
    },
    /** Callers so far get the next result; later ones wait for the work after it. */
    startServing(): void {
      serving.push(...waiting);
      waiting = [];
    },
    /** Answers the callers being served with the result of the work. */
    answer(job: Job | null): void {
      for (const { resolve, reject } of serving) {
        if (job === null) reject(failureOf({ code: 'UNKNOWN', message: 'nothing was done' }));
        else resolve(job);
      }
      serving = [];
    },
    /**
     * Dismisses the callers before the workflow continues as new, because the next run cannot answer this run's
     * updates.
     */
    async dismiss(): Promise<void> {
      end({ code: 'STILL_RUNNING', message: 'it takes long: see the job' });
      await condition(allHandlersFinished);
    },
    hasWaiters: () => waiting.length + serving.length > 0,
  };
}
