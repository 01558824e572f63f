import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { bookkeeping, patient } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import {
  progressQuery,
  syncNowUpdate,
  wakeSignal,
  type Job,
  type Progress,
  type RepoSyncInput,
  type Trigger,
} from './messages.ts';
import { labelRun } from './search-labels.ts';

/** What a run hands to the next one when it continues as new. */
interface Carried {
  trigger: Trigger;
  round: number;
}

/** Echoes of one action at GitHub (push, then status, then check) arrive within seconds: one run serves them. */
const LINGER = '15s';
/** Replay costs about a millisecond an event; the server itself would only suggest it at 4,096. */
const MAX_EVENTS = 800;

interface Waiter {
  settle: (outcome: { job: Job } | { failure: ApplicationFailure }) => void;
}

/**
 * Keeps one repository equal to GitHub, id `repo-sync/<repository id>`. Runs a round at once when it is woken,
 * gathers what arrives meanwhile into the next, lingers, and ends. Continues as new after about 800 events.
 *
 * Woken by `webhook` it applies what was delivered; started or signalled by hand it compares everything.
 */
export async function RepoSync(input: RepoSyncInput & { carried?: Carried }): Promise<void> {
  const { repositoryId, carried } = input;
  const runId = workflowInfo().firstExecutionRunId;
  const progress: Progress = { phase: 'waiting', done: 0, total: null, eta_seconds: null };
  let wanted: Trigger | null = carried?.trigger ?? null;
  let waiters: Waiter[] = [];
  let round = carried?.round ?? 0;

  setHandler(wakeSignal, (wake) => {
    wanted = stronger(wanted, wake?.trigger ?? 'manual');
  });
  setHandler(syncNowUpdate, async () => {
    wanted = 'manual';
    let outcome: Parameters<Waiter['settle']>[0] | undefined;
    waiters.push({ settle: (settled) => (outcome = settled) });
    await condition(() => outcome !== undefined);
    if (outcome === undefined || 'failure' in outcome)
      throw outcome?.failure ?? ApplicationFailure.create({});
    return outcome.job;
  });
  setHandler(progressQuery, () => progress);
  // Started without a signal: somebody did it by hand and wants all of it.
  wanted ??= 'manual';

  for (;;) {
    const trigger: Trigger = wanted;
    const served = waiters;
    wanted = null;
    waiters = [];
    round += 1;
    Object.assign(progress, {
      phase: trigger === 'webhook' ? 'applying deliveries' : 'comparing',
      total: 1,
      done: 0,
    });
    try {
      const job = await runRound({ repositoryId, trigger, round, runId });
      for (const { settle } of served) {
        settle(
          job === null ? { failure: ApplicationFailure.create({ message: 'nothing was done' }) } : { job },
        );
      }
    } catch (error) {
      const { code, message } = failureOf(error);
      const failure = ApplicationFailure.create({ type: code, message, nonRetryable: true });
      for (const { settle } of [...served, ...waiters]) settle({ failure });
      const ended = isCancellation(error) ? 'cancelled' : 'failed';
      await CancellationScope.nonCancellable(() => bookkeeping.endRound({ runId, round, outcome: ended }));
      await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
      throw isCancellation(error) ? error : failure;
    }
    Object.assign(progress, { phase: 'lingering', done: 1 });
    if (wanted === null) await condition(() => wanted !== null, LINGER);
    if (wanted === null) break;
    if (workflowInfo().historyLength > MAX_EVENTS && waiters.length === 0) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof RepoSync>({ repositoryId, carried: { trigger: wanted, round } });
    }
  }
  await condition(allHandlersFinished);
}

/** A round goes on in further activities while a long reading is saved piece by piece. */
async function runRound(input: {
  repositoryId: number;
  trigger: Trigger;
  round: number;
  runId: string;
}): Promise<Job | null> {
  for (;;) {
    const { job, more, labels } = await patient.syncRound(input);
    if (labels !== null) labelRun(labels, input.trigger);
    if (job !== null) {
      const rows = job.commits_imported + job.issues_imported + job.pull_requests_imported;
      setCurrentDetails(
        `Round ${input.round} (${input.trigger}): **${job.status}**, ${rows} rows, ${job.api_requests} requests` +
          (labels === null ? '' : ` of ${labels.repository}`),
      );
    }
    if (!more) return job;
  }
}

/** A comparison asked for by a person also applies what was delivered; the reverse is not true. */
function stronger(a: Trigger | null, b: Trigger): Trigger {
  const strength: Record<Trigger, number> = { webhook: 0, recovery: 1, schedule: 2, manual: 3 };
  return a === null || strength[b] > strength[a] ? b : a;
}
