import { z } from 'zod';
import { defineEntity } from './define-entity.ts';
import type { RowIn } from './entity.ts';
import { body, text, timeOrNull } from './fields.ts';

/**
 * How many tag objects may stand between a tag and its commit: git sets no limit, GitHub's published schema has
 * no field for the last object, and real chains are of two or three. Nesting objects costs no points, for these
 * are no connections.
 */
const MAX_CHAIN = 10;

/** What GraphQL shows of a ref under `refs/tags/`: a tag object may point to another tag object. */
const fields = `name target { oid ... on Tag { message tagger { date } ${targetOf(MAX_CHAIN)} } }`;

function targetOf(objects: number): string {
  const inner = objects === 1 ? '__typename' : targetOf(objects - 1);
  return `target { oid ... on Tag { ${inner} } }`;
}

interface Target {
  oid: string;
  target?: Target | null | undefined;
  /** shown of a tag object that is the last of too long a chain: its commit is not known */
  __typename?: undefined;
}

const target: z.ZodType<Target> = z.object({
  oid: z.string(),
  get target() {
    return target.nullish();
  },
  __typename: z.undefined().optional(),
});

/**
 * Tags by name, as GraphQL shows them: REST has neither the object of an annotated tag nor its date. `sha` is
 * the commit that it finally points to.
 */
export const tags = defineEntity({
  name: 'tags',
  label: 'tags',
  permissions: ['contents'],
  columns: { name: 'text', sha: 'text', tag_sha: 'text?', tagged_at: 'timestamptz?', message: 'text?' },
  key: ['repository_id', 'name'],
  clock: null,
  authored: false,
  answer: z.object({
    name: text,
    target: z.intersection(
      target,
      z.object({
        message: body,
        tagger: z.object({ date: timeOrNull }).nullish().catch(null),
      }),
    ),
  }),
  toRow: ({ name, target: shown }) => {
    const isAnnotated = peeled(shown) !== shown.oid;
    return {
      name,
      sha: peeled(shown),
      tag_sha: isAnnotated ? shown.oid : null,
      tagged_at: isAnnotated ? (shown.tagger?.date ?? null) : null,
      message: isAnnotated ? shown.message : null,
    };
  },
  list: {
    by: 'connection',
    connection: {
      field: 'refs',
      arguments: 'refPrefix: "refs/tags/", orderBy: { field: ALPHABETICAL, direction: ASC }',
    },
    byName: { field: 'ref', argument: 'qualifiedName', value: (name) => `refs/tags/${name}` },
    fields,
  },
  changesWith: ['refs'],
  probe: [
    `refs(refPrefix: "refs/tags/", first: 1, orderBy: { field: TAG_COMMIT_DATE, direction: DESC }) {
      totalCount nodes { name target { oid } } }`,
  ],
  one: null,
});

export type TagRow = RowIn<typeof tags>;

function peeled({ oid, target: next }: Target): string {
  return next === null || next === undefined ? oid : peeled(next);
}
