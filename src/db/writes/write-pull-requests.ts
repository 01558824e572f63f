import { sql } from 'kysely';
import type { PullRequestRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from './upsert-rows.ts';

export type StoredPullRequest = Omit<PullRequestRow, 'author'> & {
  author_id: number | null;
  repository_id: number;
};

const shape: TableShape<StoredPullRequest & { deleted_at: null }> = {
  table: 'pull_requests',
  key: ['id'],
  columns: {
    id: 'bigint',
    repository_id: 'bigint',
    number: 'int',
    title: 'text',
    body: 'text',
    state: 'text',
    draft: 'boolean',
    merged_at: 'timestamptz',
    merge_commit_sha: 'text',
    author_id: 'bigint',
    author_login: 'text',
    head_ref: 'text',
    head_sha: 'text',
    base_ref: 'text',
    labels: 'text[]',
    assignees: 'text[]',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    closed_at: 'timestamptz',
    deleted_at: 'timestamptz',
  },
};

/** As `writeIssues`, for pull requests. */
export async function writePullRequests(
  tx: Sql,
  rows: readonly StoredPullRequest[],
  force = false,
): Promise<number> {
  const live = rows.map((row) => ({ ...row, deleted_at: null }));
  return upsertRows(tx, shape, live, force ? {} : { guard: sql`excluded.updated_at >= t.updated_at` });
}

export async function markPullRequestsDeleted(
  tx: Sql,
  repositoryId: number,
  ids: readonly number[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await sql`update pull_requests set deleted_at = now()
    where repository_id = ${repositoryId} and id = any(${ids}::bigint[]) and deleted_at is null`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
