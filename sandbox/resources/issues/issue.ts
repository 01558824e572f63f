/** Issues (and the issue half of pull requests): creating, editing, closing, locking. */
import { WorldError } from '../../world/errors.ts';
import { needAccount } from '../../world/lookup.ts';
import type { Changes, InRepository } from '../../world/occurrence.ts';
import type { Account, Issue, Pull, Repository, StateReason, Team } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import { type Label, labelNamed } from '../labels.ts';
import type { Milestone } from '../milestones/milestone.ts';

export interface IssuesOccurrence extends InRepository {
  event: 'issues';
  action: string;
  issue: Issue;
  changes?: Changes;
  label?: Label;
  assignee?: Account;
  milestone?: Milestone;
  /** For `typed` and `untyped`: the type's name. */
  issueType?: string;
  /** For `opened` after a transfer: where it came from; for `transferred`: where it went. */
  moved?: { issue: Issue; repository: Repository };
}

/** A pull request is an issue, too: both cause the same events. */
export interface PullOccurrence extends InRepository {
  event: 'pull_request';
  action: string;
  issue: Issue;
  changes?: Changes;
  label?: Label;
  assignee?: Account;
  milestone?: Milestone;
  /** Whose review was asked for, or is no longer. */
  requested?: { reviewer: Account } | { team: Team };
  before?: string;
  after?: string;
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    issues: IssuesOccurrence;
    pull_request: PullOccurrence;
  }
}

export interface IssueInput {
  title?: string;
  body?: string | null;
  /** Label names; missing ones are created silently, as when an issue is opened through the API. */
  labels?: string[];
  /** Logins. */
  assignees?: string[];
}

/** Puts a new issue (or pull request) into the repository without announcing it. */
export function addIssue(
  world: World,
  repository: Repository,
  input: IssueInput,
  author: Account | null,
  pull: Pull | null = null,
): Issue {
  const number = repository.nextNumber++;
  const now = world.clock.now();
  const issue: Issue = {
    id: world.nextId('issue', 3_500_000_000),
    repositoryId: repository.id,
    number,
    title: input.title ?? `${pull ? 'Change' : 'Problem'} ${number}`,
    body: input.body ?? null,
    authorId: author?.id ?? null,
    state: 'open',
    stateReason: null,
    labelIds: (input.labels ?? []).map((name) => labelNamed(world, repository, name).id),
    milestoneId: null,
    type: null,
    parentNumber: null,
    assigneeIds: (input.assignees ?? []).map((login) => needAccount(world, login).id),
    locked: false,
    lockReason: null,
    comments: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
    pull,
  };
  repository.issues.set(number, issue);
  repository.openIssues += 1;
  world.index.issues.set(issue.id, { repositoryId: repository.id, number });
  if (pull) {
    repository.openPulls.add(number);
    world.index.pulls.set(pull.id, { repositoryId: repository.id, number });
  }
  touch(repository);
  return issue;
}

/** Opens an issue. Throws WorldError 410 where issues are switched off. */
export function openIssue(world: World, repository: Repository, input: IssueInput, by: Account): Issue {
  if (!repository.hasIssues) throw new WorldError('Issues are disabled for this repo', 410);
  const issue = addIssue(world, repository, input, by);
  world.emit({ event: 'issues', action: 'opened', repository, sender: by, issue });
  return issue;
}

/** Marks a change of the issue itself: `updated_at` moves. */
export function changedIssue(world: World, repository: Repository, issue: Issue): void {
  issue.updatedAt = world.clock.now();
  touch(repository);
}

/** Announces an action on an issue as `issues` or `pull_request`, whichever it is. */
export function announceIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  action: string,
  sender: Account,
  more: Extras = {},
): void {
  world.emit({ event: issue.pull ? 'pull_request' : 'issues', action, repository, sender, issue, ...more });
}

/** What an occurrence tells beside the issue itself. */
type Extras = Pick<IssuesOccurrence, 'changes' | 'label' | 'assignee' | 'milestone' | 'issueType'> &
  Pick<PullOccurrence, 'requested'>;

/** Changes title or body. Nothing happens when both are as they were. */
export function editIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  input: { title?: string; body?: string | null },
  by: Account,
): void {
  const changes: Changes = {};
  if (input.title !== undefined && input.title !== issue.title) {
    changes['title'] = { from: issue.title };
    issue.title = input.title;
  }
  if (input.body !== undefined && input.body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = input.body;
  }
  if (Object.keys(changes).length === 0) return;
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, 'edited', by, { changes });
}

/** Locks or unlocks the conversation. */
export function lockIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  locked: boolean,
  by: Account,
  reason: Issue['lockReason'] = null,
): void {
  if (issue.locked === locked) return;
  issue.locked = locked;
  issue.lockReason = locked ? reason : null;
  changedIssue(world, repository, issue);
  announceIssue(world, repository, issue, locked ? 'locked' : 'unlocked', by);
}

/** The issue, or pull request, of that id, where it is in this repository. */
export function itemOf(
  world: World,
  repository: Repository,
  kind: 'issues' | 'pulls',
  id: number | string,
): Issue | null {
  const place = world.index[kind].get(Number(id));
  const item = place?.repositoryId === repository.id ? repository.issues.get(place.number) : undefined;
  return item && (item.pull === null) === (kind === 'issues') ? item : null;
}

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
