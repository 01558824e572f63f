import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import { authorOf, author, body, id, intOrNull, numberInUrl, text, textOrNull, time } from './fields.ts';
import * as shown from './payload-fields.ts';

/**
 * Review comments, on lines of a pull request. `commit_id`, `line` and `position` change with every push
 * without a timestamp and are not mirrored; `original_*` never change. A deletion changes no timestamp: counts
 * per pull request reveal it.
 */
export const pullRequestReviewComments = defineEntity({
  name: 'pull_request_review_comments',
  label: 'review comments',
  permissions: ['pull_requests'],
  columns: {
    id: 'bigint',
    number: 'int',
    review_id: 'bigint?',
    thread_id: 'bigint',
    in_reply_to_id: 'bigint?',
    path: 'text',
    original_commit_sha: 'text?',
    original_line: 'int?',
    body: 'text?',
    author_login: 'text?',
    author_association: 'text?',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  clock: 'updated_at',
  authored: true,
  parents: [
    {
      entity: 'pull_requests',
      column: 'number',
      refersTo: 'number',
      fills: 'pull_request_id',
      countedAs: 'reviewComments',
    },
  ],
  answer: z.object({
    id,
    pull_request_url: numberInUrl,
    pull_request_review_id: id.nullish(),
    in_reply_to_id: id.nullish(),
    path: text,
    original_commit_id: textOrNull,
    original_line: intOrNull,
    body,
    user: author,
    author_association: textOrNull,
    created_at: time,
    updated_at: time,
  }),
  toRow: (answer) => ({
    id: answer.id,
    number: answer.pull_request_url,
    review_id: answer.pull_request_review_id ?? null,
    // A reply refers to the first comment of its thread.
    thread_id: answer.in_reply_to_id ?? answer.id,
    in_reply_to_id: answer.in_reply_to_id ?? null,
    path: answer.path,
    original_commit_sha: answer.original_commit_id,
    original_line: answer.original_line,
    body: answer.body,
    author_association: answer.author_association,
    created_at: answer.created_at,
    updated_at: answer.updated_at,
    ...authorOf(answer.user),
  }),
  list: {
    by: 'since',
    path: '/pulls/comments',
    ofParent: (number) => `/pulls/${number}/comments`,
    switch: 'has_pull_requests',
  },
  one: (at) => `/pulls/comments/${at.id}`,
  payload: z.object({
    pull_request_review_id: shown.id.nullable(),
    in_reply_to_id: shown.id.optional(),
    path: shown.text,
    original_commit_id: shown.sha,
    original_line: shown.count.nullable().optional(),
    body: z.string(),
    user: shown.account,
    author_association: shown.association,
    created_at: shown.time,
    updated_at: shown.time,
  }),
  events: {
    pull_request_review_comment: { subject: 'comment', parent: 'pull_request', deletes: ['deleted'] },
  },
});
