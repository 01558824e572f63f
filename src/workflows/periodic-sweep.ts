import {
  ApplicationFailure,
  CancellationScope,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { bookkeeping, brisk } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import { progressQuery, type Progress, type Trigger } from './messages.ts';
import { labelRun, triggerKey } from './search-labels.ts';

/** A sweep by hand may compare everything (`npm run verify`) instead of what changed. */
export interface PeriodicSweepInput {
  everything?: boolean;
  carried?: { after: number; done: number; total: number; since: number };
}

/** Installations at a time: one that waits for GitHub keeps the others going. */
const SIDE_BY_SIDE = 8;
/** Longer than this a sweep does not wait for one installation's limit: the next sweep has it again. */
const LONGEST_WAIT_MS = 60_000;
const MAX_EVENTS = 800;
const SHORT_WAIT_MS = 500;

/**
 * Compares everything with GitHub: lost deliveries, the list of installations, each one's repositories, and in
 * each of those what changed. Started by the schedule `periodic-sweep`, or by hand. One works at a time: a
 * second one ends at once. Continues as new after about 800 events, between two pages of installations.
 */
export async function PeriodicSweep(input: PeriodicSweepInput = {}): Promise<void> {
  const { carried } = input;
  const info = workflowInfo();
  const progress: Progress = { phase: 'beginning', done: 0, total: null, eta_seconds: null };
  setHandler(progressQuery, () => progress);
  const trigger = triggerOf();
  const { jobId, opened, searchable } = await bookkeeping.openJob({
    jobType: 'periodic_sweep',
    trigger,
    workflowId: info.workflowId,
    runId: info.firstExecutionRunId,
  });
  if (!opened) {
    setCurrentDetails('Another sweep is at work; this one had nothing to do.');
    return;
  }
  const since = carried?.since ?? Date.now();
  let done = carried?.done ?? 0;
  let total = carried?.total ?? 0;

  function show(phase: string): void {
    const elapsed = (Date.now() - since) / 1000;
    const eta = done > 0 ? Math.round((elapsed / done) * Math.max(0, total - done)) : null;
    Object.assign(progress, { phase, done, total: total === 0 ? null : total, eta_seconds: eta });
    setCurrentDetails(`${phase}: ${done} of ${total} installations`);
  }

  /** A part that fails is counted, and the sweep goes on with the rest. */
  async function part(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isCancellation(error)) throw error;
      await bookkeeping.noteFailure({ jobId, error: failureOf(error) });
    }
  }

  async function sweepInstallation(installationId: number): Promise<void> {
    const { state, wanted } = await brisk.compareInstallation({
      installationId,
      jobId,
      sweep: input.everything !== true,
    });
    let remaining = state === 'live' ? wanted : 0;
    while (remaining > 0) {
      const outcome = await brisk.workOff({ installationId, jobId });
      remaining = outcome.remaining;
      const { stopped } = outcome;
      if (stopped !== null && stopped.retryAfterMs > LONGEST_WAIT_MS) {
        await bookkeeping.noteFailure({ jobId, error: { code: stopped.code, message: stopped.message } });
        return;
      }
      if (remaining > 0) await sleep(stopped?.retryAfterMs ?? Math.max(SHORT_WAIT_MS, outcome.afterMs));
    }
  }

  async function sweepPages(): Promise<number | null> {
    for (let after = carried?.after ?? 0; ;) {
      const { ids, more } = await bookkeeping.nextInstallations({ after });
      const queue = [...ids];
      await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, async () => {
          for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
            const installationId = id;
            await part(() => sweepInstallation(installationId));
            done += 1;
            show('comparing');
          }
        }),
      );
      after = ids.at(-1) ?? after;
      if (!more) return null;
      if (workflowInfo().historyLength > MAX_EVENTS) return after;
    }
  }

  try {
    if (carried === undefined) {
      if (searchable) labelRun({ installationId: null }, trigger);
      show('reading the delivery log');
      await part(() => brisk.recoverDeliveries({ jobId }));
      show('listing installations');
      await part(async () => {
        total = (await brisk.listInstallationsAtGitHub({ jobId })).installations;
      });
      await part(() => bookkeeping.queueVerification({ everything: input.everything === true }));
    }
    const after = await sweepPages();
    if (after !== null) {
      await continueAsNew<typeof PeriodicSweep>({ ...input, carried: { after, done, total, since } });
    }
    await bookkeeping.concludeVerification();
    await bookkeeping.finishJob({ jobId, outcome: 'done' });
    show('finished');
  } catch (error) {
    if (error instanceof Error && error.name === 'ContinueAsNew') throw error;
    const cancelled = isCancellation(error);
    const reason = cancelled ? { code: 'JOB_CANCELLED' as const, message: 'cancelled' } : failureOf(error);
    await CancellationScope.nonCancellable(() =>
      bookkeeping.finishJob({ jobId, outcome: cancelled ? 'cancelled' : 'failed', error: reason }),
    );
    throw cancelled ? error : ApplicationFailure.create({ type: reason.code, message: reason.message });
  }
}

/** The schedule sets the attribute; a run without it was started by hand. */
function triggerOf(): Trigger {
  const { workflowId, typedSearchAttributes } = workflowInfo();
  const value = typedSearchAttributes.get(triggerKey);
  if (value === 'schedule' || value === 'manual' || value === 'recovery') return value;
  // Where the namespace has no such attribute: the schedule appends a time to its id.
  return /^periodic-sweep-\d{4}-/.test(workflowId) ? 'schedule' : 'manual';
}
