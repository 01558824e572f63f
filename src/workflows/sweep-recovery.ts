import { condition } from '@temporalio/workflow';
import { sweepActivities } from './activity-options.ts';

/** Each call inserts at most a thousand deliveries; the next sweep continues where they stop. */
const CALLS = 10;

/** How a sweep recovers lost deliveries: at its start, and in every interval while it lasts. */
export interface SweepRecovery {
  run: () => Promise<void>;
  /** While the sweep lasts: lost deliveries must not wait for an installation with a lot of work. */
  repeat: (everyMs: number, isOver: () => boolean) => Promise<void>;
  /** when it last ran; the run that continues this one counts from there */
  lastAt: () => number;
}

/** @param part runs it as a part of the sweep; if it fails, the sweep continues */
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

/**
 * One call inserts a limited number, so it is repeated while there are more: after a long outage a sweep makes
 * many calls.
 */
async function recover(jobId: string): Promise<void> {
  for (let calls = 1; calls <= CALLS; calls += 1) {
    const { more } = await sweepActivities.recoverDeliveries({ jobId });
    if (!more) return;
  }
}
