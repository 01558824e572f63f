import { createDeliveryActivities } from './delivery-activities.ts';
import { createInstallationActivities } from './installation-activities.ts';
import { createJobActivities } from './job-activities.ts';
import { createRepositoryActivities } from './repository-activities.ts';
import { createSweepActivities } from './sweep-activities.ts';
import type { ActivityDependencies } from './run-activity.ts';

/** All activities of the worker. */
export function createActivities(deps: ActivityDependencies) {
  return {
    ...createJobActivities(deps),
    ...createRepositoryActivities(deps),
    ...createDeliveryActivities(deps),
    ...createInstallationActivities(deps),
    ...createSweepActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
