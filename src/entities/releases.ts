import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { Entity, RowIn, ShownParts } from './entity.ts';
import { author, authorOf, body, flag, id, text, textOrNull, time, timeOrNull } from './fields.ts';
import { releaseAssets } from './release-assets.ts';
import * as shown from './payload-fields.ts';

const described = defineEntity({
  name: 'releases',
  label: 'releases',
  permissions: ['contents'],
  columns: {
    id: 'bigint',
    tag_name: 'text',
    target_commitish: 'text?',
    name: 'text?',
    body: 'text?',
    prerelease: 'boolean',
    author_login: 'text?',
    created_at: 'timestamptz',
    published_at: 'timestamptz?',
    updated_at: 'timestamptz?',
  },
  // `updated_at` was added later: older releases lack it.
  clock: null,
  authored: true,
  answer: z.object({
    id,
    tag_name: text,
    target_commitish: textOrNull,
    name: textOrNull,
    body,
    prerelease: flag,
    author,
    created_at: time,
    published_at: timeOrNull,
    updated_at: timeOrNull,
  }),
  toRow: ({ author: user, ...rest }) => ({ ...rest, ...authorOf(user) }),
  list: { by: 'whole', path: '/releases' },
  // Sorted by creation: an edit of an older one is found by the full comparison.
  probe: [
    'releases(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount nodes { tagName updatedAt } }',
    'latestRelease { tagName updatedAt }',
  ],
  changesWith: ['releases'],
  one: (at) => `/releases/${at.id}`,
  unique: 'tag_name',
  payload: z.object({
    tag_name: shown.text,
    target_commitish: shown.text,
    name: shown.textOrNull,
    body: shown.textOrNull,
    prerelease: shown.flag,
    author: shown.account,
    created_at: shown.time,
    published_at: shown.timeOrNull,
    updated_at: shown.timeOrNull.optional(),
    assets: z.array(releaseAssets.payload),
  }),
  events: { release: { subject: 'release', deletes: ['deleted'] } },
  // Readers see no drafts, but deliveries mention them, and a token with write access lists them.
  isOther: (element) => z.object({ draft: z.literal(true) }).safeParse(element).success,
});

/** Each asset separately: an odd one spoils neither its release nor the others. */
const shownAssets = z
  .object({ id, assets: z.array(z.unknown()).nullish().catch(null) })
  .transform(({ id: release_id, assets }): { parts: ShownParts } => {
    const parts: ShownParts = { rows: [], unreadable: [] };
    for (const shown of assets ?? []) {
      const asset = releaseAssets.row.safeParse({ ...z.looseObject({}).safeParse(shown).data, release_id });
      if (asset.success) parts.rows.push(asset.data);
      else
        parts.unreadable.push(z.object({ id: id.nullable().catch(null) }).safeParse(shown).data?.id ?? null);
    }
    return { parts };
  });

/** Published releases, each with its assets as `parts`. */
export const releases: Entity<'releases', RowIn<typeof described>> = {
  ...described,
  parts: releaseAssets,
  row: z.intersection(described.row, shownAssets),
};
