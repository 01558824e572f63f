import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { RowIn } from './entity.ts';
import {
  countIfShown,
  flag,
  flagIfShown,
  loginIfShown,
  loginsIfShown,
  text,
  textIfShown,
  textOrNull,
  timeOrNull,
} from './fields.ts';
import { sortedSet } from '../text.ts';
import { issueColumns, issueFields, issueReferences } from './issue-fields.ts';
import * as shown from './payload-fields.ts';

/** The slugs of teams; undefined if they are not shown. */
const slugsIfShown = z
  .array(z.object({ slug: z.string() }))
  .optional()
  .catch(undefined)
  .transform((teams) => teams && sortedSet(teams.map(({ slug }) => slug)));

const gitRef = z.object({ ref: text, sha: z.string() });
const shownRef = z.object({ ref: shown.text, sha: shown.sha });

/** Pull requests; `id` is the pull request's, not its issue's. */
export const pullRequests = defineEntity({
  name: 'pull_requests',
  version: 2,
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
    node_id: 'text?',
    milestone_id: 'bigint?',
    locked: 'boolean',
    author_association: 'text?',
    requested_reviewers: 'text[]',
    requested_teams: 'text[]',
    merged_by_login: 'text?',
    additions: 'int?',
    deletions: 'int?',
    changed_files: 'int?',
    commits_count: 'int?',
    comments_count: 'int?',
  },
  // The last six are shown only by the answer about a single pull request and by its own event.
  partial: [
    'node_id',
    'milestone_id',
    'locked',
    'author_association',
    'requested_reviewers',
    'requested_teams',
    'merged_by_login',
    'additions',
    'deletions',
    'changed_files',
    'commits_count',
    'comments_count',
  ],
  restDefaults: { milestone: null, requested_reviewers: [], requested_teams: [] },
  clock: 'updated_at',
  authored: true,
  references: issueReferences,
  answer: z.object({
    ...issueFields,
    draft: flag,
    merged_at: timeOrNull,
    merge_commit_sha: textOrNull,
    head: gitRef,
    base: gitRef,
    node_id: textIfShown,
    locked: flagIfShown,
    requested_reviewers: loginsIfShown,
    requested_teams: slugsIfShown,
    merged_by: loginIfShown,
    additions: countIfShown,
    deletions: countIfShown,
    changed_files: countIfShown,
    commits: countIfShown,
    comments: countIfShown,
  }),
  toRow: (answer) => ({
    ...issueColumns(answer),
    draft: answer.draft,
    merged_at: answer.merged_at,
    // Before the merge this is GitHub's test merge commit, which no branch contains.
    merge_commit_sha: answer.merged_at === null ? null : answer.merge_commit_sha,
    head_ref: answer.head.ref,
    head_sha: answer.head.sha,
    base_ref: answer.base.ref,
    node_id: answer.node_id,
    locked: answer.locked,
    requested_reviewers: answer.requested_reviewers,
    requested_teams: answer.requested_teams,
    merged_by_login: answer.merged_by,
    additions: answer.additions,
    deletions: answer.deletions,
    changed_files: answer.changed_files,
    commits_count: answer.commits,
    comments_count: answer.comments,
  }),
  list: {
    by: 'newest-first',
    path: '/pulls',
    query: 'state=all&sort=created&direction=asc',
    changed: 'state=all&sort=updated&direction=desc',
    switch: 'has_pull_requests',
  },
  one: ({ number }) => `/pulls/${number}`,
  payload: z
    .object({
      ...shown.issuePayload,
      user: shown.account.unwrap(),
      draft: shown.flag.optional(),
      merged_at: shown.timeOrNull,
      merge_commit_sha: shown.sha.nullable(),
      head: shownRef,
      base: shownRef,
      node_id: shown.text,
      locked: shown.flag,
      requested_reviewers: z.array(z.object({ id: shown.id }).nullable()),
      requested_teams: z.array(z.object({ slug: shown.text })),
      merged_by: shown.account.optional(),
      additions: shown.count.optional(),
      deletions: shown.count.optional(),
      changed_files: shown.count.optional(),
      commits: shown.count.optional(),
      comments: shown.count.optional(),
    })
    .refine(shown.isOpenOrClosed)
    .refine(({ state, merged_at }) => merged_at === null || state === 'closed'),
  events: {
    pull_request: {
      subject: 'pull_request',
      may: [
        'number',
        'assignee',
        'label',
        'milestone',
        'requested_reviewer',
        'requested_team',
        'before',
        'after',
      ],
    },
  },
});

export type PullRequestRow = RowIn<typeof pullRequests>;
