/** Labels on issues, and who is assigned. */
import { announceIssue, changedIssue } from './issue.ts';
import { labelNamed, type Label } from '../labels.ts';
import type { Account, Issue, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** What an issue can have several of, with the events that tell of each. */
type Tag = { label: Label } | { assignee: Account };

/** Puts it on the issue, or takes it off. Nothing happens when it is so already. */
function setTag(
  world: World,
  repository: Repository,
  issue: Issue,
  tag: Tag,
  isOn: boolean,
  by: Account,
): void {
  const [key, id, event] =
    'label' in tag
      ? (['labelIds', tag.label.id, isOn ? 'labeled' : 'unlabeled'] as const)
      : (['assigneeIds', tag.assignee.id, isOn ? 'assigned' : 'unassigned'] as const);
  if (issue[key].includes(id) === isOn) return;
  if (isOn) issue[key].push(id);
  else issue[key] = issue[key].filter((one) => one !== id);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, event, by, tag);
}

/** Puts a label on (created when missing). Nothing happens when it is there. */
export function addLabel(
  world: World,
  repository: Repository,
  issue: Issue,
  name: string,
  by: Account,
): void {
  setTag(world, repository, issue, { label: labelNamed(world, repository, name, by) }, true, by);
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
  if (label) setTag(world, repository, issue, { label }, false, by);
}

export function assign(
  world: World,
  repository: Repository,
  issue: Issue,
  assignee: Account,
  by: Account,
): void {
  setTag(world, repository, issue, { assignee }, true, by);
}

export function unassign(
  world: World,
  repository: Repository,
  issue: Issue,
  assignee: Account,
  by: Account,
): void {
  setTag(world, repository, issue, { assignee }, false, by);
}
