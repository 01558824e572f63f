import { heartbeat } from '@temporalio/activity';
import {
  compareInstallation as compare,
  type InstallationOutcome,
} from '../sync/installation/compare-installation.ts';
import { drainQueue, type DrainQueueOutcome } from '../sync/installation/drain-queue.ts';
import { waitingFor, type Waiting } from './waiting.ts';
import { runActivity, type ActivityDependencies } from './run-activity.ts';

export interface InstallationResult extends InstallationOutcome {
  /** why the installation could not be compared now; it is to be retried */
  waiting?: Waiting;
}

/** How long one call processes an installation's queue before it returns and is called again. */
const BUDGET_MS = 20_000;

export function createInstallationActivities(deps: ActivityDependencies) {
  /**
   * Makes an installation and its list of repositories match GitHub, and queues the changed ones. `sweep`:
   * repositories that were compared recently are skipped. `pendingOnly`: GitHub is asked only if deliveries are
   * pending.
   */
  async function compareInstallation(input: {
    installationId: number;
    jobId: string;
    sweep: boolean;
    pendingOnly?: boolean;
    /** called by a sweep, even one that compares everything; earlier versions' workflows do not say so */
    ofSweep?: boolean;
  }): Promise<InstallationResult> {
    return runActivity(async ({ signal, isLastTry }) => {
      const { installationId, jobId, sweep, pendingOnly = false, ofSweep = sweep } = input;
      const freshForMs = sweep ? deps.freshForMs : 0;
      try {
        return await compare(deps, {
          installationId,
          jobId,
          freshForMs,
          refreshed: sweep,
          pendingOnly,
          ...(ofSweep && { isLastTry }),
          signal,
        });
      } catch (error) {
        // A sweep leaves an unavailable installation to the next one; Temporal retries its attempts.
        const waiting = ofSweep || signal.aborted ? null : waitingFor(error);
        if (waiting === null) throw error;
        return { state: 'live', wanted: 0, waiting };
      }
    });
  }

  /** Compares queued repositories of an installation for a while. */
  async function workOff(input: { installationId: number; jobId: string }): Promise<DrainQueueOutcome> {
    return runActivity(({ signal, owner }) =>
      drainQueue(deps, {
        installationId: input.installationId,
        jobId: input.jobId,
        owner,
        budgetMs: BUDGET_MS,
        signal,
        onProgress: () => heartbeat(),
      }),
    );
  }

  return { compareInstallation, workOff };
}
