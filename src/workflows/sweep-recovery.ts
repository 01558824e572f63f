import { condition } from '@temporalio/workflow';
import { sweepActivities } from './activity-options.ts';

/** Calls of at most a thousand deliveries each; the next sweep continues where they end. */
const CALLS = 10;

/** The recovery of lost deliveries by a sweep: at its beginning, and in every interval that it lasts. */
export interface SweepRecovery {
  run: () => Promise<void>;
  /** While the sweep lasts: what was lost waits for no installation with much to do. */
  repeat: (everyMs: number, isOver: () => boolean) => Promise<void>;
  /** when it ran last; the run that continues this one counts from there */
  lastAt: () => number;
}

/** @param part runs it as a part of the sweep, which continues where one fails */
export function createSweepRecovery(
  jobId: string,
  part: (work: () => Promise<void>) => Promise<void>,
  lastRunAt: number,
): SweepRecovery {
  let lastAt = lastRunAt;

  return {
    async run() {
      await part(() => recover(jobId));
      lastAt = Date.now();
    },
    lastAt: () => lastAt,
    async repeat(everyMs, isOver) {
      for (;;) {
        const dueInMs = lastAt + everyMs - Date.now();
        if (await condition(isOver, Math.max(1, dueInMs))) return;
        await part(() => recover(jobId));
        lastAt = Date.now();
      }
    },
  };
}

/** As many as one call takes in, again while there are more: after a long outage a sweep has many calls of it. */
async function recover(jobId: string): Promise<void> {
  for (let calls = 1; calls <= CALLS; calls += 1) {
    const { more } = await sweepActivities.recoverDeliveries({ jobId });
    if (!more) return;
  }
}
