/** Labels on issues, and who is assigned. */
import { announceIssue, changedIssue } from './issue.ts';
import { labelNamed } from '../labels/label.ts';
import type { Account, Issue, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** Puts a label on (created when missing). Nothing happens when it is there. */
export function addLabel(
  world: World,
  repository: Repository,
  issue: Issue,
  name: string,
  by: Account,
): void {
  const label = labelNamed(world, repository, name, by);
  if (issue.labelIds.includes(label.id)) return;
  issue.labelIds.push(label.id);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'labeled', by, { label });
}

/** Takes a label off. */
export function removeLabel(
  world: World,
  repository: Repository,
  issue: Issue,
  name: string,
  by: Account,
): void {
  const label = issue.labelIds.map((id) => repository.labels.get(id)).find((one) => one?.name === name);
  if (!label) return;
  issue.labelIds = issue.labelIds.filter((id) => id !== label.id);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'unlabeled', by, { label });
}

export function assign(
  world: World,
  repository: Repository,
  issue: Issue,
  assignee: Account,
  by: Account,
): void {
  if (issue.assigneeIds.includes(assignee.id)) return;
  issue.assigneeIds.push(assignee.id);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'assigned', by, { assignee });
}

export function unassign(
  world: World,
  repository: Repository,
  issue: Issue,
  assignee: Account,
  by: Account,
): void {
  if (!issue.assigneeIds.includes(assignee.id)) return;
  issue.assigneeIds = issue.assigneeIds.filter((id) => id !== assignee.id);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'unassigned', by, { assignee });
}
