import type { Account, Issue, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import type { Milestone } from '../milestones/milestone.ts';
import { announceIssue, changedIssue } from './issue.ts';

/** Sets the milestone of an issue or pull request, or (null) removes it; changing it causes two events. */
export function setMilestone(
  world: World,
  repository: Repository,
  issue: Issue,
  milestone: Milestone | null,
  sender: Account,
): void {
  const former = repository.milestones.get(issue.milestoneId ?? 0);
  if ((former?.id ?? null) === (milestone?.id ?? null)) return;
  issue.milestoneId = milestone?.id ?? null;
  changedIssue(world, repository, issue);
  if (former) announceIssue(world, repository, issue, 'demilestoned', sender, { milestone: former });
  if (milestone) announceIssue(world, repository, issue, 'milestoned', sender, { milestone });
}
