import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { RoundResult } from '../activities/repository-activities.ts';
import { databaseActivities, githubActivities } from './activity-options.ts';
import { createCallers } from './callers.ts';
import { shouldContinueAsNew } from './continue-as-new.ts';
import { closeOnFailure } from './job-run.ts';
import { labelRun } from './label-run.ts';
import type { Job, Trigger } from '../model.ts';
import { progressQuery, syncNowUpdate, wakeSignal, type Progress, type RepoSyncInput } from './messages.ts';
import { showDetails } from './show-details.ts';
import { createGitHubWait } from './wait-for-github.ts';
import { createWakes } from './wakes.ts';

/** What a run hands to the next one when it continues as new. */
interface Carried {
  round: number;
  /** of the round that continues in the next run, or null when it has ended */
  unfinished: Trigger | null;
  /** what the round after it is wanted for */
  wanted: Trigger | null;
}

/** Echoes of one action at GitHub (push, then status, then check) arrive within seconds: one run serves them. */
const LINGER = '15s';
/** A delivery that is due again sooner is waited for; a later one is woken for, as all that waits. */
const RETRY_WITHIN_MS = 60_000;
const LEAST_RETRY_MS = 500;

/**
 * Keeps one repository equal to GitHub, id `repo-sync/<repository id>`. Runs a round at once when it is woken,
 * gathers what arrives meanwhile into the next, lingers, and ends. Continues as new after about 800 events, in
 * the midst of a long round too, but never while somebody waits in `syncNow`.
 *
 * Woken by `webhook` it applies what was delivered; started or signalled by hand it compares everything.
 */
export async function RepoSync(input: RepoSyncInput & { carried?: Carried }): Promise<void> {
  const { repositoryId, carried } = input;
  const runId = workflowInfo().firstExecutionRunId;
  const progress: Progress = { phase: 'waiting', done: 0, total: null, eta_seconds: null };
  const callers = createCallers();
  const wakes = createWakes(carried?.wanted ?? null);
  const github = createGitHubWait();
  let round = carried?.round ?? 0;
  let isRoundOpen = true;
  /** in how long deliveries that could not be applied are due again, by the last round */
  let retryAfterMs: number | null = null;

  setHandler(wakeSignal, wakes.signal);
  setHandler(syncNowUpdate, () => {
    wakes.request('manual');
    return callers.wait();
  });
  setHandler(progressQuery, () => progress);

  /** What the next round is for, with those who wait for it. Without a signal somebody started it by hand. */
  function beginRound(): Trigger {
    const trigger = wakes.consume() ?? 'manual';
    round += 1;
    isRoundOpen = true;
    callers.startServing();
    return trigger;
  }

  /** The job, or `unfinished` when the round is to continue in a run of its own. */
  async function runRound(trigger: Trigger): Promise<Job | null | 'unfinished'> {
    const phase = trigger === 'webhook' ? 'applying deliveries' : 'comparing';
    for (;;) {
      Object.assign(progress, { phase, total: 1, done: 0 });
      const isWoken = wakes.watchSignals();
      const result = await githubActivities.syncRound.executeWithOptions(
        { summary: `round ${round} (${trigger}): ${phase}` },
        [{ repositoryId, trigger, round, runId }],
      );
      const { job, more, waiting, labels, page } = result;
      // Results from before there were any lack it.
      retryAfterMs = (result as Partial<RoundResult>).retryAfterMs ?? null;
      if (labels !== null) labelRun({ ...labels, trigger });
      if (job !== null) showDetails(describeRound(round, job, labels?.repository), page);
      if (waiting === null && !more) return job;
      if (waiting === null) {
        github.reset();
      } else {
        progress.phase = 'waiting for GitHub';
        showDetails(`Round ${round} waits: ${waiting.code}, ${waiting.message}`, page);
        await github.wait(waiting, isWoken);
        // The round itself applies what was delivered; a comparison is wanted of the next.
        wakes.consumeDeliveries();
      }
      if (shouldContinueAsNew(callers.hasWaiters())) return 'unfinished';
    }
  }

  async function linger(): Promise<void> {
    Object.assign(progress, { phase: 'lingering', done: 1 });
    if (wakes.isPending()) return;
    if (retryAfterMs === null || retryAfterMs > RETRY_WITHIN_MS) {
      await condition(wakes.isPending, LINGER, { summary: 'lingers for echoes' });
      return;
    }
    const delayMs = Math.max(retryAfterMs, LEAST_RETRY_MS);
    await condition(wakes.isPending, delayMs, { summary: 'waits for deliveries that are tried again' });
    if (!wakes.isPending()) wakes.request('webhook');
  }

  async function continueRounds(unfinished: Trigger | null): Promise<never> {
    return continueAsNew<typeof RepoSync>({
      repositoryId,
      carried: { round, unfinished, wanted: wakes.pending() },
    });
  }

  async function runRounds(): Promise<void> {
    for (let trigger = carried?.unfinished ?? beginRound(); ; trigger = beginRound()) {
      const job = await runRound(trigger);
      if (job === 'unfinished') {
        await callers.dismiss();
        return continueRounds(trigger);
      }
      callers.answer(job);
      isRoundOpen = false;
      await linger();
      // Who waits also wants a round: nobody waits here.
      if (!wakes.isPending()) return;
      if (shouldContinueAsNew()) {
        // The callers just answered get their answers first. One who came since then is served by this run.
        await condition(() => allHandlersFinished() || callers.hasWaiters());
        if (!callers.hasWaiters()) await continueRounds(null);
      }
    }
  }

  await closeOnFailure(runRounds, callers, async (outcome) => {
    if (isRoundOpen) await databaseActivities.endRound({ runId, round, outcome });
  });
}

function describeRound(round: number, job: Job, repository: string | undefined): string {
  const place = repository === undefined ? '' : ` of ${repository}`;
  const counts = `rows: ${rowsOf(job)}, requests: ${job.api_requests}`;
  return `Round ${round} (${job.trigger}): **${job.status}**${place}, ${counts}`;
}

/** Of every kind. A job in a history of an older worker tells of three. */
function rowsOf(job: Omit<Job, 'rows'> & Partial<Pick<Job, 'rows'>>): number {
  const {
    rows = {
      commits: job.commits_imported,
      issues: job.issues_imported,
      pull_requests: job.pull_requests_imported,
    },
  } = job;
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
