/** The control API's actions as typed functions. */
import type { z } from 'zod';
import type { Machine } from '../http/machine.ts';
import type { JournalEntry, JournalStats } from '../http/journal.ts';
import { accountActions } from '../resources/accounts/account-actions.ts';
import { branchActions } from '../resources/branches/branch-actions.ts';
import { deliveryActions } from './delivery-actions.ts';
import { faultActions } from './fault-actions.ts';
import { installationActions } from '../resources/installations/installation-actions.ts';
import { commentActions } from '../resources/issue-comments/comment-actions.ts';
import { issueActions } from '../resources/issues/issue-actions.ts';
import { labelActions } from '../resources/labels/label-actions.ts';
import { machineActions } from './machine-actions.ts';
import { pullActions } from '../resources/pulls/pull-actions.ts';
import { issueRelationActions } from '../resources/issues/issue-relations.ts';
import { milestoneActions } from '../resources/milestones/milestone-actions.ts';
import { releaseActions } from '../resources/releases/release-actions.ts';
import { reviewCommentActions } from '../resources/review-comments/review-comment-actions.ts';
import { reviewRequestActions } from '../resources/pulls/review-request-actions.ts';
import { reviewActions } from '../resources/reviews/review-actions.ts';
import { triggerActions } from './trigger-actions.ts';
import { WorldError } from '../world/errors.ts';
import { repositoryActions } from '../resources/repositories/repository-actions.ts';

export const actions = {
  ...accountActions,
  ...installationActions,
  ...repositoryActions,
  ...branchActions,
  ...issueActions,
  ...commentActions,
  ...labelActions,
  ...issueRelationActions,
  ...milestoneActions,
  ...pullActions,
  ...reviewRequestActions,
  ...reviewActions,
  ...reviewCommentActions,
  ...releaseActions,
  ...faultActions,
  ...deliveryActions,
  ...triggerActions,
  ...machineActions,
};

type Actions = typeof actions;

/** Each action as a function of its input; throws WorldError or ZodError where the HTTP API answers 4xx. */
export type Control = {
  [Name in keyof Actions]: (input: z.input<Actions[Name]['input']>) => ReturnType<Actions[Name]['run']>;
} & {
  stats(): JournalStats;
  requests(limit?: number): JournalEntry[];
};

/** Does an action by its name. Throws WorldError for one that there is not, and what the action throws. */
export function performAction(machine: Machine, name: string, input: unknown): unknown {
  const found = Object.entries(actions).find(([key]) => key === name);
  if (!found) throw new WorldError(`no action ${name}`, 404);
  return found[1].perform(machine, input);
}

/** The actions bound to a running sandbox. */
export function createControl(machine: Machine): Control {
  const bound = Object.entries(actions).map(([name, one]) => [
    name,
    (input: unknown): unknown => one.perform(machine, input),
  ]);
  return Object.assign(Object.create(Object.prototype), Object.fromEntries(bound), {
    stats: () => machine.journal.stats(),
    requests: (limit = 100) => machine.journal.latest(limit),
  });
}
