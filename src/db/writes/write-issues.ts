import { sql } from 'kysely';
import type { IssueRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from './upsert-rows.ts';

export type StoredIssue = Omit<IssueRow, 'author'> & { author_id: number | null; repository_id: number };

const shape: TableShape<StoredIssue & { deleted_at: null; deleted_reason: null }> = {
  table: 'issues',
  key: ['id'],
  columns: {
    id: 'bigint',
    repository_id: 'bigint',
    number: 'int',
    title: 'text',
    body: 'text',
    state: 'text',
    state_reason: 'text',
    author_id: 'bigint',
    author_login: 'text',
    labels: 'text[]',
    assignees: 'text[]',
    comments_count: 'int',
    locked: 'boolean',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    closed_at: 'timestamptz',
    deleted_at: 'timestamptz',
    deleted_reason: 'text',
  },
};

/**
 * Writes issues that GitHub has. A row newer than the given one stays (a late payload, a stale replica)
 * unless `force`, which is for comparing everything.
 *
 * @returns how many rows were inserted or changed
 */
export async function writeIssues(tx: Sql, rows: readonly StoredIssue[], force = false): Promise<number> {
  const live = rows.map((row) => ({ ...row, deleted_at: null, deleted_reason: null }));
  return upsertRows(tx, shape, live, force ? {} : { guard: sql`excluded.updated_at >= t.updated_at` });
}

/** Marks issues that GitHub lost; already marked ones keep when and why. */
export async function markIssuesDeleted(
  tx: Sql,
  repositoryId: number,
  ids: readonly number[],
  reason: 'deleted' | 'transferred',
): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await sql`update issues set deleted_at = now(), deleted_reason = ${reason}
    where repository_id = ${repositoryId} and id = any(${ids}::bigint[]) and deleted_at is null`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
