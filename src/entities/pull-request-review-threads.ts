import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { RowIn } from './entity.ts';
import { id, number, text, textOrNull } from './fields.ts';

/**
 * Review threads, identified by their first comment. GitHub gives them no number and no timestamp: GraphQL's
 * answer about the pull request says whether they are resolved, and so does the event.
 */
export const pullRequestReviewThreads = defineEntity({
  name: 'pull_request_review_threads',
  label: 'review threads',
  permissions: ['pull_requests'],
  columns: {
    id: 'bigint',
    node_id: 'text',
    number: 'int',
    path: 'text',
    resolved: 'boolean',
    resolved_by_login: 'text?',
  },
  clock: null,
  authored: false,
  parents: [{ entity: 'pull_requests', column: 'number', refersTo: 'number', fills: 'pull_request_id' }],
  answer: z.object({
    id,
    node_id: z.string(),
    number,
    path: text,
    resolved: z.boolean(),
    resolved_by_login: textOrNull,
  }),
  toRow: (row) => row,
  list: { by: 'detail' },
  one: null,
  events: { pull_request_review_thread: { subject: 'thread', parent: 'pull_request' } },
});

export type ReviewThreadRow = RowIn<typeof pullRequestReviewThreads> & { pull_request_id: number };
