/** Closing and reopening issues and pull requests. */
import { WorldError } from '../../world/errors.ts';
import { announceIssue, changedIssue } from './issue.ts';
import type { Account, Issue, Repository, StateReason } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** Closes it (a merged pull request is closed the same way). Nothing happens when it is closed. */
export function closeIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  input: { reason?: StateReason },
  by: Account,
): void {
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = issue.pull ? null : (input.reason ?? 'completed');
  issue.closedAt = world.clock.now();
  issue.closedById = by.id;
  repository.openIssues -= 1;
  repository.openPulls.delete(issue.number);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'closed', by);
}

/** Reopens it. Throws WorldError for a merged pull request. */
export function reopenIssue(world: World, repository: Repository, issue: Issue, by: Account): void {
  if (issue.state === 'open') return;
  if (issue.pull?.mergedAt != null) throw new WorldError('a merged pull request cannot be reopened');
  issue.state = 'open';
  issue.stateReason = issue.pull ? null : 'reopened';
  issue.closedAt = null;
  issue.closedById = null;
  repository.openIssues += 1;
  if (issue.pull) repository.openPulls.add(issue.number);
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'reopened', by);
}
