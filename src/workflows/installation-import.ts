import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { createCallers } from './callers.ts';
import { idOfInput } from './id-of-input.ts';
import { countImport, createImportCounts, progressOf, type ImportCounts } from './import-counts.ts';
import { importRepositories, type ImportState } from './import-repositories.ts';
import { openJob, runJob } from './job-run.ts';
import { labelRun } from './label-run.ts';
import type { Trigger } from '../model.ts';
import {
  progressQuery,
  syncNowUpdate,
  wakeSignal,
  type InstallationImportInput,
  type Progress,
} from './messages.ts';
import { showDetails } from './show-details.ts';
import { createWakes } from './wakes.ts';

/** What a run passes to the next one when it continues as new: its job continues. */
interface Carried {
  trigger: Trigger;
  /** the number of the workflow's job, from 0 */
  round: number;
  listed: boolean;
  disputedSince?: number | null;
  counts?: ImportCounts;
  /** how many were queued: all that earlier versions carry of it */
  wanted?: number;
  /** a wake that the run has not served yet */
  woken: Trigger | null;
}

/**
 * Makes an installation and all its repositories match GitHub, id `installation-import/<installation id>`. The
 * queue is in the database: a run can end anywhere, and the next one continues. Continues as new after about
 * 800 events. A wake while it runs (repositories added or removed, a suspension) is served at once, alongside
 * the work in progress; one that arrives while the job is being closed gets its own job.
 */
export async function InstallationImport(
  input: InstallationImportInput & { carried?: Carried },
): Promise<void> {
  const installationId = idOfInput(input, 'installationId');
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  const progress: Progress = { phase: 'listing', done: 0, total: null, eta_seconds: null };
  const callers = createCallers();
  const wakes = createWakes(input.carried?.woken ?? null);

  setHandler(wakeSignal, wakes.signal);
  setHandler(syncNowUpdate, () => {
    wakes.request('manual');
    return callers.wait();
  });
  setHandler(progressQuery, () => progress);

  /** One job, from opening to end; it may continue in another run. */
  async function doJob(round: number, carried: Carried | undefined): Promise<void> {
    const trigger = carried?.trigger ?? wakes.consume() ?? 'manual';
    const { jobId, searchable, page } = await openJob({
      jobType: 'installation_import',
      trigger,
      installationId,
      workflowId,
      runId,
      ...(round === 0 ? {} : { round }),
    });
    const state: ImportState = {
      installationId,
      jobId,
      page,
      live: true,
      counts: carriedCounts(carried),
      listed: carried?.listed ?? false,
      disputedSince: carried?.disputedSince ?? null,
      wakes,
      callers,
      onProgress: () => showProgress(progress, state),
    };
    await runJob({ jobId, callers }, async () => {
      if (searchable) labelRun({ installationId, trigger });
      if ((await importRepositories(state)) === 'done') return;
      await callers.dismiss();
      const { listed, disputedSince, counts } = state;
      await continueAsNew<typeof InstallationImport>({
        installationId,
        carried: { trigger, round, listed, disputedSince, counts, woken: wakes.pending() },
      });
    });
  }

  let { carried } = input;
  for (let round = carried?.round ?? 0; ; round += 1) {
    await doJob(round, carried);
    carried = undefined;
    if (!wakes.isPending()) break;
  }
  await condition(allHandlersFinished);
}

/** Shows how far an import is, to queries and in Temporal's Web UI. */
function showProgress(progress: Progress, { counts, page }: ImportState): void {
  const { phase, done, total, eta_seconds } = progressOf(counts);
  Object.assign(progress, { phase, done, total, eta_seconds });
  const what = phase === 'backfilling' ? 'Reviews, comments, releases and more: ' : '';
  showDetails(`${what}${done} of ${total} repositories, ${total - done} to go`, page);
}

function carriedCounts(carried: Carried | undefined): ImportCounts {
  if (carried?.counts !== undefined) return carried.counts;
  const counts = createImportCounts();
  if (carried?.wanted !== undefined) countImport(counts, carried.wanted);
  return counts;
}
