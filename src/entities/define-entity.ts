import { z } from 'zod';
import type { Account } from '../model.ts';
import type { Columns, Partially, RowOf } from './columns.ts';
import type { Address, Entity } from './entity.ts';
import type { Listing } from './listing.ts';
import type { Permission } from './permission.ts';

interface Description<
  Name extends string,
  C extends Columns,
  A extends z.ZodType,
  Authored extends boolean,
  Partials extends keyof C & string,
> extends Partial<
  Pick<
    Entity<Name>,
    | 'version'
    | 'required'
    | 'restDefaults'
    | 'deletedReasons'
    | 'events'
    | 'payload'
    | 'parents'
    | 'references'
    | 'probe'
    | 'changesWith'
    | 'isFoundByName'
    | 'unique'
    | 'isOther'
  >
> {
  name: Name;
  label: string;
  permissions: readonly Permission[];
  columns: C;
  key?: readonly ((keyof C & string) | 'repository_id')[];
  partial?: readonly Partials[];
  clock: (keyof C & string) | null;
  authored: Authored;
  answer: A;
  toRow: (answer: z.output<A>) => DescribedRow<C, Authored, NoInfer<Partials>>;
}

/**
 * Objects missing from a whole list are requested one by one, because a list is no evidence of absence: so such
 * a kind must have an address.
 */
type Addressed =
  | { list: Extract<Listing, { by: 'whole' }>; one: (at: Address) => string }
  | { list: Exclude<Listing, { by: 'whole' }>; one: ((at: Address) => string) | null };

type DescribedRow<
  C extends Columns,
  Authored extends boolean,
  Partials extends PropertyKey,
> = Authored extends true
  ? Partially<RowOf<C>, Partials> & { author: Account | null }
  : Partially<RowOf<C>, Partials>;

/** For a kind that no payload contains. */
const anything = z.unknown();

/** A description with its defaults: key `id`, version 1, a further kind that may be off. */
export function defineEntity<
  const Name extends string,
  const C extends Columns,
  A extends z.ZodType,
  Authored extends boolean,
  const Partials extends keyof C & string = never,
>(
  description: Description<Name, C, A, Authored, Partials> & Addressed,
): Entity<Name, DescribedRow<C, Authored, Partials>> {
  const { answer, toRow, ...rest } = description;
  return {
    version: 1,
    required: false,
    key: ['id'],
    partial: [],
    restDefaults: {},
    deletedReasons: false,
    events: {},
    payload: anything,
    parents: [],
    references: [],
    parts: null,
    probe: [],
    changesWith: [],
    isFoundByName: false,
    unique: null,
    isOther: () => false,
    ...rest,
    row: answer.transform((shown) => toRow(shown)),
  };
}
