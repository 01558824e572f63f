import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { RowIn } from './entity.ts';
import { authorOf, author, body, id, numberInUrl, textIfShown, textOrNull, timeOrNull } from './fields.ts';
import * as shown from './payload-fields.ts';

/** Submitted reviews. They have no `updated_at`; a review cannot be withdrawn, and a dismissal is final. */
export const pullRequestReviews = defineEntity({
  name: 'pull_request_reviews',
  label: 'reviews',
  permissions: ['pull_requests'],
  columns: {
    id: 'bigint',
    number: 'int',
    state: 'text',
    body: 'text?',
    commit_sha: 'text?',
    author_login: 'text?',
    author_association: 'text?',
    submitted_at: 'timestamptz?',
  },
  clock: null,
  // GraphQL shows no commit that no longer exists.
  partial: ['commit_sha'],
  authored: true,
  parents: [{ entity: 'pull_requests', column: 'number', refersTo: 'number', fills: 'pull_request_id' }],
  answer: z.object({
    id,
    pull_request_url: numberInUrl,
    // Webhooks say `approved`, REST and GraphQL `APPROVED`.
    state: z.string().toUpperCase(),
    body,
    commit_id: textIfShown,
    user: author,
    author_association: textOrNull,
    submitted_at: timeOrNull,
  }),
  toRow: ({ pull_request_url: number, commit_id, user, ...rest }) => ({
    ...rest,
    number,
    commit_sha: commit_id ?? undefined,
    ...authorOf(user),
  }),
  list: { by: 'detail' },
  one: (at) => `/pulls/${at.number}/reviews/${at.id}`,
  payload: z.object({
    state: shown.text,
    body: shown.textOrNull,
    commit_id: shown.sha.nullable(),
    user: shown.account,
    author_association: shown.association,
    submitted_at: shown.timeOrNull,
  }),
  events: { pull_request_review: { subject: 'review', parent: 'pull_request' } },
});

export type PullRequestReviewRow = RowIn<typeof pullRequestReviews>;
