import {
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { databaseActivities } from './activity-options.ts';
import { createCallers } from './callers.ts';
import { shouldContinueAsNew } from './continue-as-new.ts';
import { idOfInput } from './id-of-input.ts';
import { closeOnFailure } from './job-run.ts';
import type { Trigger } from '../model.ts';
import { progressQuery, syncNowUpdate, wakeSignal, type Progress, type RepoSyncInput } from './messages.ts';
import { runRound } from './run-round.ts';
import { createGitHubWait } from './wait-for-github.ts';
import { createWakes, type Wakes } from './wakes.ts';

/** What a run passes to the next one when it continues as new. */
interface Carried {
  round: number;
  /** the trigger of the round that continues in the next run, or null if it has ended */
  unfinished: Trigger | null;
  /** the trigger of the round after that */
  wanted: Trigger | null;
}

/**
 * Related events of one action at GitHub (push, then status, then check) arrive within seconds of each other:
 * one run serves them all.
 */
const LINGER = '15s';
/**
 * A delivery that is due again sooner is waited for; for a later one the workflow is woken, like for any other
 * pending delivery.
 */
const RETRY_WITHIN_MS = 60_000;
const LEAST_RETRY_MS = 500;

/**
 * Keeps one repository in sync with GitHub, id `repo-sync/<repository id>`. Runs a round as soon as it is
 * woken, collects what arrives meanwhile into the next round, waits a little for more, and completes. Continues
 * as new after about 800 events, even in the middle of a long round, but never while a caller waits in
 * `syncNow`.
 *
 * Woken by `webhook` it applies deliveries; started or signalled by hand it compares everything.
 */
export async function RepoSync(input: RepoSyncInput & { carried?: Carried }): Promise<void> {
  const repositoryId = idOfInput(input, 'repositoryId');
  const { carried } = input;
  const runId = workflowInfo().firstExecutionRunId;
  const progress: Progress = { phase: 'waiting', done: 0, total: null, eta_seconds: null };
  const callers = createCallers();
  const wakes = createWakes(carried?.wanted ?? null);
  let round = carried?.round ?? 0;
  let isRoundOpen = true;
  const run = { repositoryId, runId, progress, wakes, callers, github: createGitHubWait() };

  setHandler(wakeSignal, wakes.signal);
  setHandler(syncNowUpdate, () => {
    wakes.request('manual');
    return callers.wait();
  });
  setHandler(progressQuery, () => progress);

  /** The trigger of the next round, with its callers. If there is no signal, somebody started it by hand. */
  function beginRound(): Trigger {
    const trigger = wakes.consume() ?? 'manual';
    round += 1;
    isRoundOpen = true;
    callers.startServing();
    return trigger;
  }

  async function continueRounds(unfinished: Trigger | null): Promise<never> {
    return continueAsNew<typeof RepoSync>({
      repositoryId,
      carried: { round, unfinished, wanted: wakes.pending() },
    });
  }

  async function runRounds(): Promise<void> {
    for (let trigger = carried?.unfinished ?? beginRound(); ; trigger = beginRound()) {
      const ended = await runRound(run, round, trigger);
      if (ended === 'unfinished') {
        await callers.dismiss();
        return continueRounds(trigger);
      }
      callers.answer(ended.job);
      isRoundOpen = false;
      Object.assign(progress, { phase: 'lingering', done: 1 });
      await linger(wakes, ended.retryAfterMs);
      // A caller's update also requests a round, so there are no callers here.
      if (!wakes.isPending()) return;
      if (shouldContinueAsNew()) {
        // First the callers just answered receive their answers. A caller that arrived since then is served by
        // this run.
        await condition(() => allHandlersFinished() || callers.hasWaiters());
        if (!callers.hasWaiters()) await continueRounds(null);
      }
    }
  }

  await closeOnFailure(runRounds, callers, async (outcome) => {
    if (isRoundOpen) await databaseActivities.endRound({ runId, round, outcome });
  });
}

/**
 * Waits for what arrives shortly after a round.
 *
 * @param retryAfterMs when deliveries that could not be applied are due again; null if there are none
 */
async function linger(wakes: Wakes, retryAfterMs: number | null): Promise<void> {
  if (wakes.isPending()) return;
  if (retryAfterMs === null || retryAfterMs > RETRY_WITHIN_MS) {
    await condition(wakes.isPending, LINGER, { summary: 'waits for further deliveries' });
    return;
  }
  const delayMs = Math.max(retryAfterMs, LEAST_RETRY_MS);
  await condition(wakes.isPending, delayMs, { summary: 'waits to retry deliveries' });
  if (!wakes.isPending()) wakes.request('webhook');
}
