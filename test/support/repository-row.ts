import type { RepositoryRow } from '../../src/model.ts';

const time = '2026-01-01T00:00:00.000Z';

/** A repository `acme/r<id>`, as plain as one can be. */
export function repositoryRow(id: number, more: Partial<RepositoryRow> = {}): RepositoryRow {
  return {
    id,
    node_id: `R_${id}`,
    owner_login: 'acme',
    name: `r${id}`,
    full_name: `acme/r${id}`,
    private: false,
    visibility: 'public',
    archived: false,
    disabled: false,
    fork: false,
    default_branch: 'main',
    description: null,
    language: null,
    topics: [],
    stargazers_count: 0,
    forks_count: 0,
    open_issues_count: 0,
    has_issues: true,
    has_pull_requests: true,
    created_at: time,
    updated_at: time,
    pushed_at: null,
    ...more,
  };
}
