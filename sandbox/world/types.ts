/**
 * The sandbox GitHub's state: plain data (cloneable, serialisable), no behaviour. Times are epoch seconds, because GitHub's
 * own timestamps have that granularity. Numeric ids are GitHub's; node ids are derived from them (`node-id.ts`).
 *
 * What belongs to a single resource is added where that is: `declare module '…/world/types.ts'`.
 */

import type { Delivery, GitHubApp, Installation, Token } from './app-types.ts';

export type AccountType = 'User' | 'Organization' | 'Bot' | 'Mannequin';

/** A user, organisation, bot or mannequin. A deleted user stays here (`deleted`) so that others can be shown as ghosts. */
export interface Account {
  id: number;
  login: string;
  type: AccountType;
  name: string | null;
  /** Verified addresses, lower case; commits are linked to accounts by them. */
  emails: string[];
  description: string | null;
  createdAt: number;
  updatedAt: number;
  deleted: boolean;
}

/** A team of an organisation, whose review may be asked for. */
export interface Team {
  id: number;
  organizationId: number;
  slug: string;
  name: string;
}

/** Who wrote or committed, as Git has it. `link: 'empty'` makes REST answer `{}` for the account, which GitHub does at times. */
export interface Signature {
  name: string;
  email: string;
  date: number;
  /** Minutes east of UTC. */
  offset: number;
  link?: 'empty';
}

export interface ChangedFile {
  path: string;
  status: 'added' | 'removed' | 'modified';
  additions: number;
  deletions: number;
}

/** Immutable; its sha is the SHA-1 of Git's own commit encoding. `author` may be null for broken objects. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature | null;
  committer: Signature | null;
  message: string;
  files: ChangedFile[];
}

/** Repositories that are forks of each other share one object store, as at GitHub. */
export interface Network {
  id: number;
  commits: Map<string, Commit>;
}

export interface Ref {
  sha: string;
  protected: boolean;
}

export interface Comment {
  id: number;
  authorId: number | null;
  body: string;
  createdAt: number;
  updatedAt: number;
}

/** What makes an issue a pull request. `headRepoId` stays when the fork is deleted: it then resolves to nothing. */
export interface Pull {
  id: number;
  headRepoId: number;
  headOwnerId: number;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAt: number | null;
  mergedById: number | null;
  /** The merge commit once merged; before that GitHub's test merge (a sha on no branch), null when it cannot be merged. */
  mergeCommitSha: string | null;
  mergeable: boolean;
  /** When it was last reviewed: that moves the pull request's `updated_at`, but not that of its entry among the issues. */
  reviewedAt: number | null;
  requestedReviewerIds: number[];
  requestedTeamIds: number[];
  /** When it was marked as ready for review. */
  readyEvents: { id: number; createdAt: number; actorId: number }[];
}

export type StateReason = 'completed' | 'not_planned' | 'reopened' | 'duplicate';

/** Why a number answers no more: 410 for deleted, 301 for transferred. */
type Gone = { kind: 'deleted' } | { kind: 'transferred'; repositoryId: number; number: number };

export interface Issue {
  id: number;
  repositoryId: number;
  number: number;
  title: string;
  body: string | null;
  /** Null: the author never had an account here. A deleted account keeps its id and is shown as the ghost. */
  authorId: number | null;
  state: 'open' | 'closed';
  stateReason: StateReason | null;
  labelIds: number[];
  milestoneId: number | null;
  /** The name of its type (`Bug`, `Feature`, `Task`), null for none. */
  type: string | null;
  /** The number of the issue whose sub-issue it is. */
  parentNumber: number | null;
  assigneeIds: number[];
  locked: boolean;
  lockReason: 'off-topic' | 'too heated' | 'resolved' | 'spam' | null;
  comments: Comment[];
  createdAt: number;
  updatedAt: number;
  closedAt: number | null;
  closedById: number | null;
  pull: Pull | null;
}

export type ActivityType =
  'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge';

/** One entry of `GET /repos/{owner}/{repo}/activity`. */
export interface Activity {
  id: number;
  before: string;
  after: string;
  ref: string;
  timestamp: number;
  type: ActivityType;
  actorId: number;
}

export interface Block {
  reason: 'dmca' | 'tos' | 'unavailable';
  createdAt: number;
}

/** What every repository has of resources, each of which adds its own (`declare module`), as Fastify's plugins do. */
export interface RepositoryState {}

export interface Repository extends RepositoryState {
  id: number;
  networkId: number;
  ownerId: number;
  name: string;
  visibility: 'public' | 'private' | 'internal';
  description: string | null;
  homepage: string | null;
  language: string | null;
  topics: string[];
  parentId: number | null;
  sourceId: number | null;
  defaultBranch: string;
  archived: boolean;
  disabled: boolean;
  hasIssues: boolean;
  hasPullRequests: boolean;
  isTemplate: boolean;
  stargazers: number;
  forks: number;
  size: number;
  createdAt: number;
  updatedAt: number;
  pushedAt: number | null;
  block: Block | null;
  /** Makes `/contributors` answer 403 "too large". */
  contributorsTooLarge: boolean;
  /** By full name: `refs/heads/main`, `refs/tags/v1`. */
  refs: Map<string, Ref>;
  /** Issues and pull requests by number; the numbers are shared. */
  issues: Map<number, Issue>;
  gone: Map<number, Gone>;
  nextNumber: number;
  openPulls: Set<number>;
  /** Open issues and pull requests, as `open_issues_count` counts them. */
  openIssues: number;
  activity: Activity[];
  /** Shas that were on any ref of this repository at any time (readable by SHA, and not `distinct` when pushed again). */
  introduced: Set<string>;
  /** Grows with every change of anything in the repository; lists are cached by it. */
  version: number;
  /** By how many GraphQL's totals differ from what is listed, as with hidden authors; no difference unless given. */
  countsOff?: { issues: number; pullRequests: number };
}

export type { Delivery, GitHubApp, Installation, Token } from './app-types.ts';

/** Behaviour of GitHub's that nobody has described: a mirror must be right either way. */
interface Unknowns {
  /** Whether resolving a conversation moves the pull request's `updated_at`. */
  resolvingMovesClock: boolean;
  /** Whether deliveries say when a conversation was resolved. */
  threadsTellTime: boolean;
  /** Whether a review without text goes with its last comment. */
  emptyReviewsVanish: boolean;
}

/** Everything there is. */
export interface WorldState {
  random: number;
  /** The id given last, by sequence. */
  sequences: Record<string, number>;
  app: GitHubApp;
  accounts: Map<number, Account>;
  networks: Map<number, Network>;
  repositories: Map<number, Repository>;
  installations: Map<number, Installation>;
  teams: Map<number, Team>;
  unknowns: Unknowns;
  /** Old `owner/name` (lower case) to the repository's id; a name in use again wins over its redirect. */
  redirects: Map<string, number>;
  tokens: Map<string, Token>;
  deliveries: Delivery[];
}
