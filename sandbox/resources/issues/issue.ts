/** Issues (and the issue half of pull requests): creating, editing, locking. */
import { WorldError } from '../../world/errors.ts';
import { needAccount } from '../../world/lookup.ts';
import { labelNamed, type Label } from '../labels.ts';
import type { Changes, InRepository } from '../../world/occurrence.ts';
import type { Account, Issue, Pull, Repository, Team } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
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
