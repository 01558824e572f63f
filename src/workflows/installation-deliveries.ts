import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { githubActivities } from './activity-options.ts';
import { shouldContinueAsNew } from './continue-as-new.ts';
import { idOfInput } from './id-of-input.ts';
import { labelRun } from './label-run.ts';
import { progressQuery, wakeSignal, type InstallationDeliveriesInput, type Progress } from './messages.ts';
import { showDetails } from './show-details.ts';
import { createWakes } from './wakes.ts';

/**
 * Applies deliveries for many repositories of an installation at once, id
 * `installation-deliveries/<installation id>`: one piece of work instead of a `RepoSync` for each. Completes
 * once no more arrive. All wakes that arrive while it works lead to a single further look.
 */
export async function InstallationDeliveries(
  input: InstallationDeliveriesInput & { carried?: { round: number; applied: number } },
): Promise<void> {
  const installationId = idOfInput(input, 'installationId');
  const { carried } = input;
  const runId = workflowInfo().firstExecutionRunId;
  const progress: Progress = {
    phase: 'applying deliveries',
    done: carried?.applied ?? 0,
    total: null,
    eta_seconds: null,
  };
  const wakes = createWakes(null);
  setHandler(wakeSignal, wakes.signal);
  setHandler(progressQuery, () => progress);
  for (let round = (carried?.round ?? 0) + 1; ; round += 1) {
    wakes.consume();
    const { repositories, more, searchable } = await githubActivities.applyDeliveries({
      installationId,
      round,
      runId,
    });
    if (searchable) labelRun({ installationId, trigger: 'webhook' });
    progress.done += repositories;
    showDetails(`${progress.done} repositories had deliveries, in ${round} rounds`, null);
    if (!more && !wakes.isPending()) return;
    if (shouldContinueAsNew()) {
      await continueAsNew<typeof InstallationDeliveries>({
        installationId,
        carried: { round, applied: progress.done },
      });
    }
  }
}
