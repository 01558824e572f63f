import { continueAsNew, isCancellation, patched, setHandler, workflowInfo } from '@temporalio/workflow';
import { databaseActivities, sweepActivities, verificationActivities } from './activity-options.ts';
import { reasonOf } from './failures.ts';
import { runJob } from './job-run.ts';
import { labelRun } from './label-run.ts';
import { runTogether } from './run-together.ts';
import type { Trigger } from '../model.ts';
import { progressQuery } from './messages.ts';
import { triggerKey } from './search-attributes.ts';
import { showDetails } from './show-details.ts';
import { createSweepProgress } from './sweep-progress.ts';
import { createSweepRecovery } from './sweep-recovery.ts';
import { sweepInstallations, type Place } from './sweep-installations.ts';

/** A sweep by hand may compare everything (`npm run verify`) instead of only what changed. */
export interface PeriodicSweepInput {
  everything?: boolean;
  carried?: { place: Place; done: number; total: number; since: number; recoveredAt?: number };
}

/** After the time of this many turns, a sweep makes only one call per further installation. */
const TURNS = 3;

/**
 * Compares everything with GitHub: lost deliveries, the list of installations, each one's repositories, and in
 * each repository what changed. Started by the schedule `periodic-sweep`, or by hand. Only one works at a time:
 * a second one ends at once. The delivery log is read again in every interval during the sweep, and an
 * installation with a lot of work is left to its import. Continues as new after about 800 events.
 */
export async function PeriodicSweep(input?: PeriodicSweepInput | null): Promise<void> {
  const carried = input?.carried;
  const everything = input?.everything === true;
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const { state, progress, show } = createSweepProgress(carried);
  setHandler(progressQuery, () => progress);
  const trigger = triggerOf();
  const { jobId, opened, searchable, page, pace } = await databaseActivities.openJob({
    jobType: 'periodic_sweep',
    trigger,
    workflowId,
    runId,
  });
  if (!opened) {
    showDetails('Another sweep is already running; this one had nothing to do.', null);
    return;
  }
  state.since = carried?.since ?? Date.now();
  let over = false;
  // Sweeps started by an earlier version work until every queue is empty.
  const bounded = pace !== undefined && patched('bounded-sweep') ? pace : null;

  const part = createPart(jobId);
  const recovery = createSweepRecovery(jobId, part, carried?.recoveredAt ?? Date.now());

  async function begin(): Promise<void> {
    if (searchable) labelRun({ trigger });
    show('reading the delivery log', page);
    await recovery.run();
    show('listing installations', page);
    await part(async () => {
      state.total = (await sweepActivities.listInstallationsAtGitHub({ jobId })).installations;
    });
    await part(async () => void (await verificationActivities.queueVerification({ everything })));
  }

  await runJob({ jobId }, async () => {
    if (carried === undefined) await begin();
    const next: { place: Place | null } = { place: null };
    async function sweep(): Promise<void> {
      next.place = await sweepInstallations({
        jobId,
        everything,
        // A verification waits until everything has been compared.
        bounds: everything || bounded === null ? null : boundsOf(bounded.turnMs, state.since),
        part,
        from: carried?.place,
        onDone: () => {
          state.done += 1;
          show('comparing', page);
        },
      });
      over = true;
    }
    const repeat = bounded === null ? [] : [() => recovery.repeat(bounded.recoverEveryMs, () => over)];
    await runTogether([sweep, ...repeat]);
    const { place } = next;
    if (place !== null) {
      await continueAsNew<typeof PeriodicSweep>({
        everything,
        carried: { place, ...state, recoveredAt: recovery.lastAt() },
      });
    }
    await part(() => verificationActivities.concludeVerification());
  });
  show('finished', page);
}

/** Runs a part of a sweep: one that fails is counted, and the sweep continues with the next. */
function createPart(jobId: string) {
  return async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (isCancellation(error)) throw error;
      await databaseActivities.noteFailure({ jobId, error: reasonOf(error) });
    }
  };
}

function boundsOf(turnMs: number, since: number): { turnMs: number; lateFrom: number } {
  return { turnMs, lateFrom: since + TURNS * turnMs };
}

/** The schedule sets the attribute; a run without it was started by hand. */
function triggerOf(): Trigger {
  const { workflowId, typedSearchAttributes } = workflowInfo();
  const value = typedSearchAttributes.get(triggerKey);
  if (value === 'schedule' || value === 'manual' || value === 'recovery') return value;
  // If the namespace lacks the attribute: the schedule appends a time to its workflow ids.
  return /^periodic-sweep-\d{4}-/.test(workflowId) ? 'schedule' : 'manual';
}
