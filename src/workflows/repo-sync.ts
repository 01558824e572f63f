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
import type { RoundResult } from '../activities/repository-activities.ts';
import { bookkeeping, patient } from './activity-options.ts';
import { answer, createCallers, type Caller } from './callers.ts';
import { failureOf } from './failure-of.ts';
import { isLong, isMuchTooLong } from './history-bound.ts';
import type { Job, Trigger } from '../model.ts';
import { progressQuery, syncNowUpdate, wakeSignal, type Progress, type RepoSyncInput } from './messages.ts';
import { labelRun } from './search-labels.ts';

/** What a run hands to the next one when it continues as new. */
interface Carried {
  round: number;
  /** of the round that goes on in the next run, or null when it has ended */
  unfinished: Trigger | null;
  /** what the round after it is wanted for */
  wanted: Trigger | null;
}

/** Echoes of one action at GitHub (push, then status, then check) arrive within seconds: one run serves them. */
const LINGER = '15s';
/** While GitHub cannot be asked and does not say for how long: so often it is tried. */
const FIRST_TRY_MS = 500;
const LAST_TRY_MS = 60_000;
/** A delivery that is due again sooner is waited for; a later one is woken for, as all that waits. */
const RETRY_WITHIN_MS = 60_000;
/** GitHub names the time itself: asking sooner, or later, is of no use. */
const timedCodes = new Set(['RATE_LIMITED', 'SECONDARY_RATE_LIMITED']);

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
  let wanted = carried?.wanted ?? null;
  let round = carried?.round ?? 0;
  let served: Caller[] = [];
  let wakes = 0;
  /** in how long deliveries that could not be applied are due again, by the last round */
  let retryAfterMs: number | null = null;

  setHandler(wakeSignal, (wake) => {
    wakes += 1;
    wanted = stronger(wanted, wake?.trigger ?? 'manual');
  });
  setHandler(syncNowUpdate, () => {
    wanted = 'manual';
    return callers.wait();
  });
  setHandler(progressQuery, () => progress);

  /** What the next round is for, with those who wait for it. Without a signal somebody started it by hand. */
  function beginRound(): Trigger {
    const trigger = wanted ?? 'manual';
    wanted = null;
    round += 1;
    served = callers.take();
    return trigger;
  }

  /** The job, or undefined when the round is to go on in a run of its own. */
  async function work(trigger: Trigger): Promise<Job | null | undefined> {
    for (let waits = 0; ;) {
      const phase = trigger === 'webhook' ? 'applying deliveries' : 'comparing';
      Object.assign(progress, { phase, total: 1, done: 0 });
      const heard = wakes;
      const result = await patient.syncRound({ repositoryId, trigger, round, runId });
      const { job, more, waiting, labels } = result;
      // Results from before there were any lack it.
      retryAfterMs = (result as Partial<RoundResult>).retryAfterMs ?? null;
      if (labels !== null) labelRun(labels, trigger);
      if (job !== null) setCurrentDetails(describeRound(round, job, labels?.repository));
      if (waiting === null && !more) return job;
      if (waiting !== null) await waitForGitHub(waiting, waits, heard);
      waits = waiting === null ? 0 : waits + 1;
      const awaited = served.length > 0 || !callers.nobody();
      if (isLong() && (!awaited || isMuchTooLong())) return undefined;
    }
  }

  /** Until GitHub may be asked again, or a wake: what was delivered may need no question. */
  async function waitForGitHub(
    { code, message, retryAfterMs: toldMs }: NonNullable<RoundResult['waiting']>,
    waits: number,
    heard: number,
  ): Promise<void> {
    progress.phase = 'waiting for GitHub';
    setCurrentDetails(`Round ${round} waits: ${code}, ${message}`);
    const backoff = Math.min(FIRST_TRY_MS * 2 ** waits, LAST_TRY_MS);
    // What is no matter of a budget is asked for more and more rarely, whatever its error says.
    const delay = timedCodes.has(code) ? (toldMs ?? backoff) : Math.max(toldMs ?? 0, backoff);
    // Spread: all that wait for one reset would otherwise come back in the same instant.
    await condition(() => wakes !== heard, Math.ceil(delay * (1 + Math.random() * 0.1)));
    // The round itself applies what was delivered; a comparison is wanted of the next.
    if (wanted === 'webhook' || wanted === 'recovery') wanted = null;
  }

  async function linger(): Promise<void> {
    Object.assign(progress, { phase: 'lingering', done: 1 });
    if (wanted !== null) return;
    if (retryAfterMs === null || retryAfterMs > RETRY_WITHIN_MS) {
      await condition(() => wanted !== null, LINGER);
      return;
    }
    await condition(() => wanted !== null, Math.max(retryAfterMs, FIRST_TRY_MS));
    wanted ??= 'webhook';
  }

  let trigger = carried?.unfinished ?? beginRound();
  let busy = true;
  try {
    for (;;) {
      const job = await work(trigger);
      if (job === undefined) {
        callers.end(ApplicationFailure.create({ message: 'it takes long: see the job' }), served);
        await condition(allHandlersFinished);
        await continueAsNew<typeof RepoSync>({
          repositoryId,
          carried: { round, unfinished: trigger, wanted },
        });
      }
      answer(served, job ?? null);
      served = [];
      busy = false;
      await linger();
      // Who waits also wants a round: nobody waits here.
      if (wanted === null) return;
      if (isLong()) {
        // The callers just answered get their answers first. One who came since then is served by this run.
        await condition(() => allHandlersFinished() || !callers.nobody());
        if (callers.nobody()) {
          await continueAsNew<typeof RepoSync>({
            repositoryId,
            carried: { round, unfinished: null, wanted },
          });
        }
      }
      trigger = beginRound();
      busy = true;
    }
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    const { code, message } = failureOf(error);
    const failure = ApplicationFailure.create({ type: code, message, nonRetryable: true });
    callers.end(failure, served);
    await CancellationScope.nonCancellable(async () => {
      const outcome = isCancellation(error) ? 'cancelled' : 'failed';
      if (busy) await bookkeeping.endRound({ runId, round, outcome });
      await condition(allHandlersFinished);
    });
    throw isCancellation(error) ? error : failure;
  }
}

function describeRound(round: number, job: Job, repository: string | undefined): string {
  const rows = job.commits_imported + job.issues_imported + job.pull_requests_imported;
  const place = repository === undefined ? '' : ` of ${repository}`;
  return `Round ${round} (${job.trigger}): **${job.status}**, ${rows} rows, ${job.api_requests} requests${place}`;
}

/** A comparison asked for by a person also applies what was delivered; the reverse is not true. */
function stronger(a: Trigger | null, b: Trigger): Trigger {
  const strength: Record<Trigger, number> = { webhook: 0, recovery: 1, schedule: 2, manual: 3 };
  return a === null || strength[b] > strength[a] ? b : a;
}
