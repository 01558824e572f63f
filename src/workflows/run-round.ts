import type { RoundResult } from '../activities/repository-activities.ts';
import { githubActivities } from './activity-options.ts';
import type { Callers } from './callers.ts';
import { shouldContinueAsNew } from './continue-as-new.ts';
import { labelRun } from './label-run.ts';
import type { Job, Trigger } from '../model.ts';
import type { Progress } from './messages.ts';
import { showDetails } from './show-details.ts';
import type { createGitHubWait } from './wait-for-github.ts';
import type { Wakes } from './wakes.ts';

/** The run that a round belongs to. */
export interface RoundsOfRun {
  repositoryId: number;
  runId: string;
  progress: Progress;
  wakes: Wakes;
  callers: Callers;
  github: ReturnType<typeof createGitHubWait>;
}

export interface EndedRound {
  job: Job | null;
  /** when deliveries that could not be applied are due again */
  retryAfterMs: number | null;
}

/**
 * Runs a round, in as many activities as it takes, and waits for GitHub between them.
 *
 * @returns `unfinished` if the round is to continue as new
 */
export async function runRound(
  { repositoryId, runId, progress, wakes, callers, github }: RoundsOfRun,
  round: number,
  trigger: Trigger,
): Promise<EndedRound | 'unfinished'> {
  const phase = trigger === 'webhook' ? 'applying deliveries' : 'comparing';
  for (;;) {
    Object.assign(progress, { phase, total: 1, done: 0 });
    const isWoken = wakes.watchSignals();
    const result = await githubActivities.syncRound.executeWithOptions(
      { summary: `round ${round} (${trigger}): ${phase}` },
      [{ repositoryId, trigger, round, runId }],
    );
    const { job, more, waiting, labels, page } = result;
    if (labels !== null) labelRun({ ...labels, trigger });
    if (job !== null) showDetails(describeRound(round, job, labels?.repository), page);
    if (waiting === null && !more) return { job, retryAfterMs: retryOf(result) };
    if (waiting === null) {
      github.reset();
    } else {
      progress.phase = 'waiting for GitHub';
      showDetails(`Round ${round} is waiting: ${waiting.code}, ${waiting.message}`, page);
      await github.wait(waiting, isWoken);
      // The round itself applies deliveries; a requested comparison is left to the next one.
      wakes.consumeDeliveries();
    }
    if (shouldContinueAsNew(callers.hasWaiters())) return 'unfinished';
  }
}

/** Results of earlier versions lack it. */
function retryOf({ retryAfterMs = null }: Partial<RoundResult>): number | null {
  return retryAfterMs;
}

function describeRound(round: number, job: Job, repository: string | undefined): string {
  const place = repository === undefined ? '' : ` of ${repository}`;
  const counts = `rows: ${rowsOf(job)}, requests: ${job.api_requests}`;
  return `Round ${round} (${job.trigger}): **${job.status}**${place}, ${counts}`;
}

/** Over all kinds. A job in a history of an earlier version contains only three. */
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
