/** What can happen in the world, in the shape from which the webhook deliveries are written. */
import type { Milestone, MilestoneOccurrence } from '../resources/milestones/milestone.ts';
import type { ReleaseOccurrence } from '../resources/releases/release.ts';
import type {
  ReviewCommentOccurrence,
  ReviewThreadOccurrence,
} from '../resources/review-comments/review-comment.ts';
import type { Team } from '../resources/pulls/review-request.ts';
import type { ReviewOccurrence } from '../resources/reviews/review.ts';
import type { Account, Comment, Installation, Issue, Label, Repository } from './types.ts';

export type Changes = Record<string, unknown>;

export interface InRepository {
  repository: Repository;
  sender: Account;
}

export interface PushOccurrence extends InRepository {
  event: 'push';
  ref: string;
  before: string;
  after: string;
  created: boolean;
  deleted: boolean;
  forced: boolean;
  /** Oldest first. */
  shas: string[];
  /** Those of `shas` that were in the repository before (`distinct: false`). */
  known: Set<string>;
}

export interface RefOccurrence extends InRepository {
  event: 'create' | 'delete';
  ref: string;
  refType: 'branch' | 'tag';
}

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

export interface IssueCommentOccurrence extends InRepository {
  event: 'issue_comment';
  action: 'created' | 'edited' | 'deleted';
  issue: Issue;
  comment: Comment;
  changes?: Changes;
}

export interface LabelOccurrence extends InRepository {
  event: 'label';
  action: 'created' | 'edited' | 'deleted';
  label: Label;
  changes?: Changes;
}

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

export interface RepositoryOccurrence extends InRepository {
  event: 'repository';
  action:
    | 'archived'
    | 'created'
    | 'deleted'
    | 'edited'
    | 'privatized'
    | 'publicized'
    | 'renamed'
    | 'transferred'
    | 'unarchived';
  changes?: Changes;
  /** For `transferred`. */
  formerOwner?: Account;
}

interface ForkOccurrence extends InRepository {
  event: 'fork';
  forkee: Repository;
}

export interface InstallationOccurrence {
  event: 'installation';
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';
  installation: Installation;
  sender: Account;
}

export interface InstallationRepositoriesOccurrence {
  event: 'installation_repositories';
  action: 'added' | 'removed';
  installation: Installation;
  repositories: Repository[];
  sender: Account;
}

export interface TargetRenamedOccurrence {
  event: 'installation_target' | 'organization';
  action: 'renamed';
  account: Account;
  from: string;
  sender: Account;
}

export type Occurrence =
  | PushOccurrence
  | RefOccurrence
  | IssuesOccurrence
  | IssueCommentOccurrence
  | LabelOccurrence
  | PullOccurrence
  | ReviewOccurrence
  | ReviewCommentOccurrence
  | ReviewThreadOccurrence
  | MilestoneOccurrence
  | ReleaseOccurrence
  | RepositoryOccurrence
  | ForkOccurrence
  | InstallationOccurrence
  | InstallationRepositoriesOccurrence
  | TargetRenamedOccurrence;
