import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import { author, authorOf, body, id, number, text, time, timeOrNull } from './fields.ts';
import * as shown from './payload-fields.ts';

/** Milestones of a repository, open and closed. */
export const milestones = defineEntity({
  name: 'milestones',
  label: 'milestones',
  permissions: ['issues'],
  columns: {
    id: 'bigint',
    number: 'int',
    title: 'text',
    description: 'text?',
    state: 'text',
    due_on: 'timestamptz?',
    author_login: 'text?',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    closed_at: 'timestamptz?',
  },
  clock: 'updated_at',
  authored: true,
  answer: z.object({
    id,
    number,
    title: text,
    description: body,
    state: z.enum(['open', 'closed']),
    due_on: timeOrNull,
    creator: author,
    created_at: time,
    updated_at: time,
    closed_at: timeOrNull,
  }),
  toRow: ({ creator, ...rest }) => ({ ...rest, ...authorOf(creator) }),
  // Without `state=all` GitHub lists only open ones.
  list: { by: 'whole', path: '/milestones', query: 'state=all' },
  probe: [
    'milestones(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { number updatedAt } }',
  ],
  one: (at) => `/milestones/${at.number}`,
  unique: 'title',
  payload: z
    .object({
      title: shown.text,
      description: shown.textOrNull,
      state: shown.text,
      due_on: shown.timeOrNull,
      creator: shown.account,
      created_at: shown.time,
      updated_at: shown.time,
      closed_at: shown.timeOrNull,
    })
    .refine(shown.isOpenOrClosed),
  events: { milestone: { subject: 'milestone', deletes: ['deleted'] } },
});
