import type { StorableRow } from '../../src/db/rows/entity-rows.ts';
import type { IssueRow } from '../../src/entities/issues.ts';

const time = '2026-01-01T00:00:00.000Z';

/** An issue of repository 1, as plain as one can be. */
export function issueRow(id: number, more: Partial<StorableRow<IssueRow>> = {}): StorableRow<IssueRow> {
  return {
    id,
    repository_id: 1,
    number: id,
    title: 't',
    body: null,
    state: 'open',
    state_reason: null,
    author_id: null,
    author_login: null,
    labels: [],
    assignees: [],
    comments_count: 0,
    locked: false,
    created_at: time,
    updated_at: time,
    closed_at: null,
    ...more,
  };
}
