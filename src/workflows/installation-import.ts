import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { bookkeeping } from './activity-options.ts';
import { answer, createCallers } from './callers.ts';
import { failureOf } from './failure-of.ts';
import { importRepositories, type ImportState } from './import-repositories.ts';
import type { Trigger } from '../model.ts';
import {
  progressQuery,
  syncNowUpdate,
  wakeSignal,
  type InstallationImportInput,
  type Progress,
} from './messages.ts';
import { labelRun } from './search-labels.ts';

/** What a run hands to the next one when it continues as new: its job goes on. */
interface Carried {
  trigger: Trigger;
  /** of the workflow's jobs, from 0 */
  round: number;
  listed: boolean;
  wanted: number;
  total: number;
  /** `Date.now()` when the job began, for the estimate */
  since: number;
  /** a wake that the run did not come to */
  woken: Trigger | null;
}

/**
 * Brings an installation and all its repositories to GitHub's, id `installation-import/<installation id>`.
 * What waits stands in the database: a run can end anywhere and the next goes on. Continues as new after about
 * 800 events. A wake while it runs (repositories added or removed, a suspension) is served at once, beside
 * the work under way; one that comes while the job is being closed gets a job of its own.
 */
export async function InstallationImport(
  input: InstallationImportInput & { carried?: Carried },
): Promise<void> {
  const { installationId } = input;
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const progress: Progress = { phase: 'listing', done: 0, total: null, eta_seconds: null };
  const callers = createCallers();
  let woken = input.carried?.woken ?? null;

  setHandler(wakeSignal, (wake) => {
    woken = wake?.trigger ?? 'manual';
  });
  setHandler(syncNowUpdate, () => {
    woken = 'manual';
    return callers.wait();
  });
  setHandler(progressQuery, () => progress);

  function takeWoken(): Trigger | null {
    const taken = woken;
    woken = null;
    return taken;
  }

  /** One job, from its opening to its end; it may go on in another run. */
  async function doJob(round: number, carried: Carried | undefined): Promise<void> {
    const trigger = carried?.trigger ?? takeWoken() ?? 'manual';
    const { jobId, searchable } = await bookkeeping.openJob({
      jobType: 'installation_import',
      trigger,
      installationId,
      workflowId,
      runId,
      ...(round === 0 ? {} : { round }),
    });
    const since = carried?.since ?? Date.now();
    const state: ImportState = {
      installationId,
      jobId,
      live: true,
      wanted: carried?.wanted ?? 0,
      total: carried?.total ?? 0,
      listed: carried?.listed ?? false,
      takeWoken,
      isWoken: () => woken !== null,
      isAwaited: () => !callers.nobody(),
      show: () => show(state, since),
    };
    try {
      if (searchable) labelRun({ installationId }, trigger);
      if ((await importRepositories(state)) === 'unfinished') {
        callers.end(ApplicationFailure.create({ message: 'it takes long: see the job' }));
        await condition(allHandlersFinished);
        const { listed, wanted, total } = state;
        await continueAsNew<typeof InstallationImport>({
          installationId,
          carried: { trigger, round, listed, wanted, total, since, woken },
        });
      }
      const served = callers.take();
      answer(served, await bookkeeping.finishJob({ jobId, outcome: 'done' }));
    } catch (error) {
      if (error instanceof ContinueAsNew) throw error;
      await fail(jobId, error);
    }
  }

  async function fail(jobId: string, error: unknown): Promise<never> {
    const reason = failureOf(error);
    const failure = ApplicationFailure.create({ type: reason.code, message: reason.message });
    callers.end(failure);
    await CancellationScope.nonCancellable(async () => {
      const outcome = isCancellation(error) ? 'cancelled' : 'failed';
      await bookkeeping.finishJob({ jobId, outcome, error: reason });
      await condition(allHandlersFinished);
    });
    throw isCancellation(error) ? error : failure;
  }

  function show({ wanted, total }: ImportState, since: number): void {
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

  let { carried } = input;
  for (let round = carried?.round ?? 0; ; round += 1) {
    await doJob(round, carried);
    carried = undefined;
    if (woken === null) break;
  }
  await condition(allHandlersFinished);
}
