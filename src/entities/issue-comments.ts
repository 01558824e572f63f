import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import { authorOf, author, body, id, numberInUrl, textOrNull, time } from './fields.ts';
import * as shown from './payload-fields.ts';

/** Comments on issues and pull requests. A deletion changes no timestamp: counts per parent reveal it. */
export const issueComments = defineEntity({
  name: 'issue_comments',
  label: 'issue comments',
  permissions: ['issues', 'pull_requests'],
  columns: {
    id: 'bigint',
    number: 'int',
    body: 'text?',
    author_login: 'text?',
    author_association: 'text?',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  clock: 'updated_at',
  partial: [],
  authored: true,
  parents: [
    { entity: 'issues', column: 'number', refersTo: 'number', countColumn: 'comments_count' },
    {
      entity: 'pull_requests',
      column: 'number',
      refersTo: 'number',
      countColumn: 'comments_count',
      countedAs: 'comments',
    },
  ],
  answer: z.object({
    id,
    issue_url: numberInUrl,
    body,
    user: author,
    author_association: textOrNull,
    created_at: time,
    updated_at: time,
  }),
  toRow: ({ issue_url: number, user: by, ...rest }) => ({ ...rest, number, ...authorOf(by) }),
  list: { by: 'since', path: '/issues/comments', ofParent: (number) => `/issues/${number}/comments` },
  one: (at) => `/issues/comments/${at.id}`,
  payload: z.object({
    body: z.string(),
    user: shown.account,
    author_association: shown.association,
    created_at: shown.time,
    updated_at: shown.time,
  }),
  events: {
    issue_comment: { subject: 'comment', parent: 'issue', permissions: ['issues'], deletes: ['deleted'] },
  },
});
