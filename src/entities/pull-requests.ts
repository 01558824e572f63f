import { z } from 'zod';
import { defineEntity, type RowIn } from './entity.ts';
import { flag, text, textOrNull, timeOrNull } from './fields.ts';
import { issueColumns, issueFields } from './issue-fields.ts';

const gitRef = z.object({ ref: text, sha: z.string() });

/** Pull requests; `id` is their own, not that of their issue. */
export const pullRequests = defineEntity({
  name: 'pull_requests',
  label: 'pull requests',
  permissions: ['pull_requests'],
  required: true,
  columns: {
    id: 'bigint',
    number: 'int',
    title: 'text',
    body: 'text?',
    state: 'text',
    draft: 'boolean',
    merged_at: 'timestamptz?',
    merge_commit_sha: 'text?',
    author_login: 'text?',
    head_ref: 'text',
    head_sha: 'text',
    base_ref: 'text',
    labels: 'text[]',
    assignees: 'text[]',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    closed_at: 'timestamptz?',
  },
  clock: 'updated_at',
  authored: true,
  answer: z.object({
    ...issueFields,
    draft: flag,
    merged_at: timeOrNull,
    merge_commit_sha: textOrNull,
    head: gitRef,
    base: gitRef,
  }),
  toRow: ({ draft, merged_at, merge_commit_sha, head, base, ...answer }) => ({
    ...issueColumns(answer),
    draft,
    merged_at,
    // Before the merge GitHub shows a trial merge here, which no branch holds.
    merge_commit_sha: merged_at === null ? null : merge_commit_sha,
    head_ref: head.ref,
    head_sha: head.sha,
    base_ref: base.ref,
  }),
  list: {
    by: 'newest-first',
    path: '/pulls',
    query: 'state=all&sort=created&direction=asc',
    changed: 'state=all&sort=updated&direction=desc',
    switch: 'has_pull_requests',
  },
  one: ({ number }) => `/pulls/${number}`,
  events: { pull_request: { subject: 'pull_request' }, pull_request_review: { subject: 'pull_request' } },
  changesShownBy: 'snapshot',
});

export type PullRequestRow = RowIn<typeof pullRequests>;
