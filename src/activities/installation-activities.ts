import { heartbeat } from '@temporalio/activity';
import { compareInstallation as compare, type InstallationOutcome } from '../sync/compare-installation.ts';
import { workOff as work, type WorkOffOutcome } from '../sync/work-off.ts';
import { runActivity, type ActivityDependencies } from './run-activity.ts';

/** So long one call works off the queue of an installation; then it returns and is called again. */
const BUDGET_MS = 20_000;

export function createInstallationActivities(deps: ActivityDependencies) {
  /**
   * Brings an installation and its list of repositories to GitHub's and queues those that changed.
   * `sweep`: repositories compared shortly before are passed over.
   */
  async function compareInstallation(input: {
    installationId: number;
    jobId: string;
    sweep: boolean;
  }): Promise<InstallationOutcome> {
    return runActivity(({ signal }) =>
      compare(deps, {
        installationId: input.installationId,
        jobId: input.jobId,
        freshForMs: input.sweep ? deps.freshForMs : 0,
        refreshed: input.sweep,
        signal,
      }),
    );
  }

  /** Compares queued repositories of an installation for a while. */
  async function workOff(input: { installationId: number; jobId: string }): Promise<WorkOffOutcome> {
    return runActivity(({ signal, owner }) =>
      work(deps, {
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
