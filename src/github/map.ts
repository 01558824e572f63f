import type { z } from 'zod';
import type { CommitRow, InstallationRow, RepositoryRow } from '../model.ts';
import type { commitAnswer, installationAnswer, repositoryAnswer } from './answers.ts';
import { accountOf } from '../entities/fields.ts';
import { sortedSet, storable, storableOrNull } from '../text.ts';

/** @returns with '' for what GitHub does not show */
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
    // Only if no committer date is given at all: a date that cannot be stored is not replaced by another.
    committed_at: (committer?.date === undefined ? author?.date : committer.date) ?? null,
    parents: answer.parents.map((parent) => parent.sha),
    author: accountOf(answer.author),
  };
}
