import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { RowIn } from './entity.ts';
import { count, countIfShown, flag, textIfShown, textOrNull } from './fields.ts';
import { issueColumns, issueFields, issueReferences } from './issue-fields.ts';
import * as shown from './payload-fields.ts';

/** Issues, without the pull requests that GitHub's lists of issues also contain. */
export const issues = defineEntity({
  name: 'issues',
  version: 2,
  label: 'issues',
  permissions: ['issues'],
  required: true,
  columns: {
    id: 'bigint',
    number: 'int',
    title: 'text',
    body: 'text?',
    state: 'text',
    state_reason: 'text?',
    author_login: 'text?',
    labels: 'text[]',
    assignees: 'text[]',
    comments_count: 'int',
    locked: 'boolean',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    closed_at: 'timestamptz?',
    milestone_id: 'bigint?',
    type: 'text?',
    author_association: 'text?',
    sub_issues_total: 'int?',
    sub_issues_completed: 'int?',
  },
  // Older servers show no types and no sub-issues.
  partial: ['milestone_id', 'type', 'author_association', 'sub_issues_total', 'sub_issues_completed'],
  restDefaults: { milestone: null, type: null, sub_issues_summary: { total: null, completed: null } },
  clock: 'updated_at',
  authored: true,
  references: issueReferences,
  deletedReasons: true,
  answer: z.object({
    ...issueFields,
    state_reason: textOrNull,
    comments: count,
    locked: flag,
    type: z
      .object({ name: textIfShown })
      .nullish()
      .catch(undefined)
      .transform((type) => (type ? type.name : type)),
    sub_issues_summary: z.object({ total: countIfShown, completed: countIfShown }).nullish().catch(undefined),
  }),
  toRow: (answer) => ({
    ...issueColumns(answer),
    state_reason: answer.state_reason,
    comments_count: answer.comments,
    locked: answer.locked,
    type: answer.type,
    sub_issues_total: answer.sub_issues_summary?.total,
    sub_issues_completed: answer.sub_issues_summary?.completed,
  }),
  isOther: isPullRequest,
  // Sorted by creation, so that edits in the meantime move nothing.
  list: {
    by: 'since',
    path: '/issues',
    query: 'state=all&sort=created&direction=asc',
    alsoLists: 'pull_requests',
    isCountedByRange: true,
  },
  one: ({ number }) => `/issues/${number}`,
  payload: z
    .object({
      ...shown.issuePayload,
      state_reason: shown.textOrNull.optional(),
      comments: shown.count,
      locked: shown.flag,
      type: z.object({ name: shown.text }).nullable().optional(),
      sub_issues_summary: z.object({ total: shown.count, completed: shown.count }).optional(),
    })
    .refine(shown.isOpenOrClosed)
    // Older servers show none.
    .refine(({ state, state_reason: reason }) => state === 'open' || reason !== undefined),
  events: {
    issues: {
      subject: 'issue',
      may: ['assignee', 'label', 'milestone', 'type', 'issue_field', 'issue_field_value'],
      deletes: ['deleted', 'transferred'],
    },
  },
});

export type IssueRow = RowIn<typeof issues>;

/** True for pull requests, which GitHub's lists also show as issues. */
export function isPullRequest(element: unknown): boolean {
  return (
    typeof element === 'object' &&
    element !== null &&
    'pull_request' in element &&
    element.pull_request !== null &&
    element.pull_request !== undefined
  );
}
