import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import { author, authorOf, body, id, text, textOrNull, time } from './fields.ts';
import * as shown from './payload-fields.ts';

/** Files of a release. GitHub shows them within the release, without its id, and sends no events about them. */
export const releaseAssets = defineEntity({
  name: 'release_assets',
  label: 'release assets',
  permissions: ['contents'],
  columns: {
    id: 'bigint',
    release_id: 'bigint',
    name: 'text',
    label: 'text?',
    content_type: 'text?',
    size: 'bigint',
    state: 'text',
    uploader_login: 'text?',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  // Requested by itself, an asset does not show its release.
  partial: ['release_id'],
  clock: null,
  authored: false,
  parents: [{ entity: 'releases', column: 'release_id', refersTo: 'id' }],
  answer: z.object({
    id,
    release_id: id.optional(),
    name: text,
    label: body,
    content_type: textOrNull,
    size: z.number().int(),
    state: text,
    uploader: author,
    created_at: time,
    updated_at: time,
  }),
  toRow: ({ uploader, ...rest }) => ({ ...rest, uploader_login: authorOf(uploader).author_login }),
  payload: z.object({
    id: shown.id,
    name: shown.text,
    label: shown.textOrNull.optional(),
    content_type: shown.text,
    size: shown.count,
    state: shown.text,
    uploader: shown.account.optional(),
    created_at: shown.time,
    updated_at: shown.time,
  }),
  list: { by: 'within-parent' },
  one: (at) => `/releases/assets/${at.id}`,
});
