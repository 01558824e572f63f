import type { z } from 'zod';
import type {
  Account,
  BranchRow,
  CommitRow,
  InstallationRow,
  IssueRow,
  PullRequestRow,
  RepositoryRow,
} from '../model.ts';
import type {
  branchAnswer,
  commitAnswer,
  installationAnswer,
  issueAnswer,
  pullRequestAnswer,
  repositoryAnswer,
} from './answers.ts';
import { sortedSet, storable, storableOrNull } from './text.ts';

/** The account that GitHub shows for deleted ones, nobody in particular. Its id is another one on each server. */
const GHOST = 'ghost';
const accountTypes = ['User', 'Bot', 'Organization', 'Mannequin'] as const;

type AccountAnswer = z.output<typeof commitAnswer>['author'];

function toAccount(user: AccountAnswer): Account | null {
  if (user === null || user.login.toLowerCase() === GHOST) return null;
  return {
    github_id: user.id,
    login: storable(user.login),
    type: accountTypes.find((type) => type === user.type) ?? 'User',
    avatar_url: storableOrNull(user.avatar_url),
  };
}

export function toInstallationRow(answer: z.output<typeof installationAnswer>): InstallationRow {
  return {
    id: answer.id,
    account_id: answer.account?.id ?? answer.target_id ?? 0,
    account_login: storable(answer.account?.login ?? answer.account?.slug ?? ''),
    account_type: answer.account?.type ?? answer.target_type ?? 'Organization',
    repository_selection: answer.repository_selection,
    permissions: answer.permissions,
    events: answer.events,
    suspended_at: answer.suspended_at ?? null,
    created_at: answer.created_at,
  };
}

export function toRepositoryRow(answer: z.output<typeof repositoryAnswer>): RepositoryRow {
  return {
    id: answer.id,
    node_id: answer.node_id,
    owner_login: answer.owner.login,
    name: answer.name,
    full_name: answer.full_name,
    private: answer.private,
    visibility: answer.visibility ?? (answer.private ? 'private' : 'public'),
    archived: answer.archived,
    disabled: answer.disabled,
    fork: answer.fork,
    default_branch: answer.default_branch,
    description: storableOrNull(answer.description),
    language: answer.language ?? null,
    topics: sortedSet(answer.topics),
    stargazers_count: answer.stargazers_count,
    forks_count: answer.forks_count,
    open_issues_count: answer.open_issues_count,
    has_issues: answer.has_issues,
    has_pull_requests: answer.has_pull_requests,
    created_at: answer.created_at,
    updated_at: answer.updated_at,
    pushed_at: answer.pushed_at ?? null,
  };
}

export function toBranchRow(answer: z.output<typeof branchAnswer>): BranchRow {
  return { name: storable(answer.name), head_sha: answer.commit.sha, protected: answer.protected };
}

export function toCommitRow(answer: z.output<typeof commitAnswer>): CommitRow {
  const { author, committer, message } = answer.commit;
  return {
    sha: answer.sha,
    message: storable(message),
    author_name: storableOrNull(author?.name),
    author_email: storableOrNull(author?.email),
    committer_name: storableOrNull(committer?.name),
    committer_email: storableOrNull(committer?.email),
    authored_at: author?.date ?? null,
    // Only where no committer's date is given at all: one that cannot be kept is not another's.
    committed_at: (committer?.date === undefined ? author?.date : committer.date) ?? null,
    parents: answer.parents.map((parent) => parent.sha),
    author: toAccount(answer.author),
  };
}

type IssueLike = Pick<
  z.output<typeof issueAnswer>,
  'user' | 'title' | 'body' | 'state' | 'closed_at' | 'labels' | 'assignees'
>;

function toIssueLike(answer: IssueLike) {
  const author = toAccount(answer.user);
  return {
    title: storable(answer.title),
    // GitHub answers null or '' for the same absent body.
    body: answer.body ? storable(answer.body) : null,
    // A deleted account: REST shows the ghost, GraphQL and some payloads null.
    author_login: answer.user === null ? 'ghost' : storable(answer.user.login),
    author,
    state: answer.state ?? (answer.closed_at ? ('closed' as const) : ('open' as const)),
    labels: sortedSet(answer.labels),
    assignees: sortedSet(answer.assignees),
  };
}

export function toIssueRow(answer: z.output<typeof issueAnswer>): IssueRow {
  return {
    ...toIssueLike(answer),
    id: answer.id,
    number: answer.number,
    state_reason: answer.state_reason ?? null,
    comments_count: answer.comments,
    locked: answer.locked,
    created_at: answer.created_at,
    updated_at: answer.updated_at,
    closed_at: answer.closed_at ?? null,
  };
}

export function toPullRequestRow(answer: z.output<typeof pullRequestAnswer>): PullRequestRow {
  const mergedAt = answer.merged_at ?? null;
  return {
    ...toIssueLike(answer),
    id: answer.id,
    number: answer.number,
    draft: answer.draft ?? false,
    merged_at: mergedAt,
    // Before the merge GitHub shows a trial merge here, which no branch holds.
    merge_commit_sha: mergedAt === null ? null : (answer.merge_commit_sha ?? null),
    head_ref: storable(answer.head.ref),
    head_sha: answer.head.sha,
    base_ref: storable(answer.base.ref),
    created_at: answer.created_at,
    updated_at: answer.updated_at,
    closed_at: answer.closed_at ?? null,
  };
}

/** False for the pull requests that GitHub's lists of issues hold. */
export function isIssue(answer: z.output<typeof issueAnswer>): boolean {
  return answer.pull_request === undefined || answer.pull_request === null;
}
