/** Issues that go away: deleted, transferred, turned into discussions. */
import { WorldError } from '../../world/errors.ts';
import { addIssue, announceIssue, lockIssue } from './issue.ts';
import { closeIssue } from './issue-state.ts';
import type { Account, Issue, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

function take(world: World, repository: Repository, issue: Issue): void {
  if (issue.state === 'open') repository.openIssues -= 1;
  repository.openPulls.delete(issue.number);
  repository.issues.delete(issue.number);
  world.index.issues.delete(issue.id);
  touch(repository);
}

/** Deletes an issue: its number answers 410 from now on. Pull requests cannot be deleted at GitHub. */
export function deleteIssue(world: World, repository: Repository, issue: Issue, by: Account): void {
  if (issue.pull) throw new WorldError('pull requests cannot be deleted');
  take(world, repository, issue);
  repository.gone.set(issue.number, { kind: 'deleted' });
  announceIssue(world, repository, issue, 'deleted', by);
}

/**
 * Moves an issue into another repository, where it gets a new id, node id and number; labels are kept where the target has one of
 * that name; its comments are made anew, with new ids and the times they had.  `transferred` goes to the old repository, `opened` to the new one, in no promised order.
 */
export function transferIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  target: Repository,
  by: Account,
): Issue {
  if (issue.pull) throw new WorldError('pull requests cannot be transferred');
  if (target.id === repository.id) throw new WorldError('the issue is already there');
  const names = issue.labelIds.map((id) => repository.labels.get(id)?.name);
  const copy = addIssue(world, target, {}, by);
  if (issue.state === 'closed') target.openIssues -= 1;
  const { id, repositoryId, number } = copy;
  Object.assign(copy, issue, { id, repositoryId, number, assigneeIds: [...issue.assigneeIds] });
  copy.labelIds = [...target.labels.values()].filter(({ name }) => names.includes(name)).map((one) => one.id);
  copy.milestoneId = null;
  copy.parentNumber = null;
  copy.comments = issue.comments.map((comment) => ({
    ...comment,
    id: world.nextId('comment', 3_300_000_000),
  }));
  copy.updatedAt = world.clock.now();
  take(world, repository, issue);
  repository.gone.set(issue.number, { kind: 'transferred', repositoryId: target.id, number });
  world.emit({
    event: 'issues',
    action: 'transferred',
    repository,
    sender: by,
    issue,
    moved: { issue: copy, repository: target },
  });
  world.emit({
    event: 'issues',
    action: 'opened',
    repository: target,
    sender: by,
    issue: copy,
    moved: { issue, repository },
  });
  return copy;
}

/** Converts to a discussion: the issue stays, closed and locked (reported publicly since 2021). */
export function convertToDiscussion(world: World, repository: Repository, issue: Issue, by: Account): void {
  if (issue.pull) throw new WorldError('pull requests cannot become discussions');
  closeIssue(world, repository, issue, {}, by);
  lockIssue(world, repository, issue, true, by);
}
