import { activityInfo } from '@temporalio/activity';
import { drainDeliveries, type DrainDeliveriesOutcome } from '../sync/installation/drain-deliveries.ts';
import { jobIdOf } from './job-activities.ts';
import { runActivity, type ActivityDependencies } from './run-activity.ts';

export interface DeliveriesInput {
  installationId: number;
  round: number;
  /** of the first run: jobs are stored under it, however often the workflow continued as new */
  runId: string;
}

export interface DeliveriesResult extends DrainDeliveriesOutcome {
  /** whether the namespace has our search attributes */
  searchable: boolean;
}

/** How long one call works before it returns and is called again. */
const BUDGET_MS = 20_000;

export function createDeliveryActivities(deps: ActivityDependencies) {
  /** Applies deliveries to the repositories of an installation, with a job for each, until no more arrive. */
  async function applyDeliveries(input: DeliveriesInput): Promise<DeliveriesResult> {
    const { installationId, round, runId } = input;
    return runActivity(async ({ signal, owner }) => {
      const workflowId = activityInfo().workflowExecution?.workflowId ?? '';
      const outcome = await drainDeliveries(deps, {
        installationId,
        workflowId,
        runId,
        temporalUrl: deps.temporalUrl({ workflow_id: workflowId, run_id: runId }),
        owner,
        budgetMs: BUDGET_MS,
        signal,
        jobIdOf: (repositoryId) => jobIdOf(runId, `${round}/${repositoryId}`),
        leave: ({ id, label }, trigger) => deps.wakeRepository({ id, installationId, label }, trigger),
      });
      return { ...outcome, searchable: deps.searchAttributesExist() };
    });
  }

  return { applyDeliveries };
}
