import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import { body, flag, id, text } from './fields.ts';
import * as shown from './payload-fields.ts';

/**
 * Labels of a repository. They have no timestamp: a delivery says that one changed, and GitHub's answer says
 * how.
 */
export const labels = defineEntity({
  name: 'labels',
  label: 'labels',
  // GitHub shows them to whoever may read pull requests as well; docs/reference.md promises them with issues alone.
  permissions: ['issues'],
  columns: { id: 'bigint', name: 'text', color: 'text', description: 'text?', is_default: 'boolean' },
  clock: null,
  authored: false,
  answer: z.object({ id, name: text, color: text, description: body, default: flag }),
  toRow: ({ default: is_default, ...rest }) => ({ ...rest, is_default }),
  list: { by: 'whole', path: '/labels' },
  // Sorted by creation: an edit of an older one is found by the full comparison.
  probe: [
    'labels(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount nodes { name updatedAt } }',
  ],
  one: ({ name }) => `/labels/${encodeURIComponent(name)}`,
  isFoundByName: true,
  unique: 'name',
  payload: z.object({
    name: shown.text,
    color: z.string().regex(/^[0-9a-f]{6}$/i),
    description: shown.textOrNull.optional(),
    default: shown.flag,
  }),
  events: { label: { subject: 'label', deletes: ['deleted'] } },
});
