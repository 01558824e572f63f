import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { bookkeeping, patient } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import {
  progressQuery,
  syncNowUpdate,
  wakeSignal,
  type InstallationImportInput,
  type Job,
  type Progress,
  type Trigger,
} from './messages.ts';
import { labelRun } from './search-labels.ts';

interface Carried {
  trigger: Trigger;
  total: number;
  /** `Date.now()` when the import began, for the estimate */
  since: number;
}

const MAX_EVENTS = 800;
/** A second lane only pays where many repositories wait; with several workers each takes one. */
const LANES_FROM = 12;
const SHORT_WAIT_MS = 500;

/**
 * Brings an installation and all its repositories to GitHub's, id `installation-import/<installation id>`.
 * What waits stands in the database: a run can end anywhere and the next goes on. Continues as new after about
 * 800 events. A wake while it runs (repositories added or removed, a suspension) is served at once, beside
 * the work under way.
 */
export async function InstallationImport(
  input: InstallationImportInput & { carried?: Carried },
): Promise<void> {
  const { installationId, carried } = input;
  const info = workflowInfo();
  const since = carried?.since ?? Date.now();
  const progress: Progress = { phase: 'listing', done: 0, total: carried?.total ?? null, eta_seconds: null };
  let woken: Trigger | null = null;
  let finished: Job | null | undefined;
  let updates = 0;

  setHandler(wakeSignal, (wake) => {
    woken = wake?.trigger ?? 'manual';
  });
  setHandler(syncNowUpdate, async () => {
    woken = 'manual';
    updates += 1;
    try {
      await condition(() => finished !== undefined);
    } finally {
      updates -= 1;
    }
    if (!finished) throw ApplicationFailure.create({ message: 'the import did not end' });
    return finished;
  });
  setHandler(progressQuery, () => progress);

  const trigger: Trigger = carried?.trigger ?? woken ?? 'manual';
  if (carried === undefined) woken = null;
  const { jobId, searchable } = await bookkeeping.openJob({
    jobType: 'installation_import',
    trigger,
    installationId,
    workflowId: info.workflowId,
    runId: info.firstExecutionRunId,
  });
  let live = true;
  let total = carried?.total ?? 0;
  let wanted = 0;

  async function compare(): Promise<void> {
    const outcome = await patient.compareInstallation({ installationId, jobId, sweep: false });
    live = outcome.state === 'live';
    wanted = outcome.wanted;
    total = Math.max(total, wanted);
    show();
  }

  function show(): void {
    const done = Math.max(0, total - wanted);
    const elapsed = (Date.now() - since) / 1000;
    Object.assign(progress, {
      phase: wanted > 0 ? 'importing' : 'finishing',
      done,
      total,
      eta_seconds: done > 0 ? Math.round((elapsed / done) * wanted) : null,
    });
    setCurrentDetails(`${done} of ${total} repositories, ${wanted} to go`);
  }

  async function lane(): Promise<void> {
    while (live && wanted > 0) {
      const { remaining, afterMs, stopped } = await patient.workOff({ installationId, jobId });
      wanted = remaining;
      show();
      if (stopped !== null) {
        await bookkeeping.noteFailure({
          jobId,
          error: { code: stopped.code, message: stopped.message },
          waits: true,
        });
        if (stopped.code === 'INSTALLATION_SUSPENDED' || stopped.code === 'INSTALLATION_REMOVED')
          await compare();
        else await sleep(stopped.retryAfterMs);
      } else if (remaining > 0) {
        // Left are repositories that somebody else works on, or that failed just now.
        await sleep(Math.max(SHORT_WAIT_MS, afterMs));
      }
      if (workflowInfo().historyLength > MAX_EVENTS && updates === 0) return;
    }
  }

  /** Serves wakes beside the lanes, until these have nothing left to do. */
  async function serveWakes(lanes: Promise<unknown>): Promise<void> {
    const state = { idle: false };
    const ended = lanes.then(
      () => (state.idle = true),
      () => (state.idle = true),
    );
    while (!state.idle) {
      await condition(() => state.idle || woken !== null);
      if (woken === null) break;
      woken = null;
      await compare();
    }
    await ended;
  }

  async function work(): Promise<void> {
    await compare();
    for (;;) {
      const lanes = Promise.all(wanted > LANES_FROM ? [lane(), lane()] : [lane()]);
      await serveWakes(lanes);
      await lanes;
      if (workflowInfo().historyLength > MAX_EVENTS && updates === 0) return;
      if (woken === null && (wanted === 0 || !live)) return;
    }
  }

  try {
    if (carried === undefined && searchable) labelRun({ installationId }, trigger);
    await work();
    if (live && wanted > 0) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof InstallationImport>({ installationId, carried: { trigger, total, since } });
    }
    finished = await bookkeeping.finishJob({ jobId, outcome: 'done' });
  } catch (error) {
    const outcome = isCancellation(error) ? 'cancelled' : 'failed';
    if (!(error instanceof Error) || error.name !== 'ContinueAsNew') {
      const reason =
        outcome === 'cancelled' ? { code: 'JOB_CANCELLED' as const, message: 'cancelled' } : failureOf(error);
      await CancellationScope.nonCancellable(async () => {
        finished = await bookkeeping.finishJob({ jobId, outcome, error: reason });
      });
      if (outcome === 'failed')
        throw ApplicationFailure.create({ type: reason.code, message: reason.message });
    }
    throw error;
  }
  await condition(allHandlersFinished);
}
