import { z } from 'zod';
import type { Account } from '../model.ts';
import type { Columns, Partially, RowOf } from './columns.ts';

/**
 * What rows of every kind may have; `author` becomes `author_id` when the row is stored, `parts` become their
 * own rows.
 */
export type EntityRow = Readonly<Record<string, unknown>> & {
  readonly author?: Account | null;
  readonly parts?: ShownParts;
};

/** Objects that GitHub shows within a row of another kind. */
export interface ShownParts {
  rows: (EntityRow & { id: number })[];
  /** the ids of those that exist but cannot be read; null if not even the ids can */
  unreadable: (number | null)[];
}

/**
 * Repository permissions of GitHub Apps
 * (https://docs.github.com/rest/authentication/permissions-required-for-github-apps).
 */
type Permission =
  | 'actions'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'discussions'
  | 'issues'
  | 'metadata'
  | 'packages'
  | 'pull_requests'
  | 'secret_scanning_alerts'
  | 'security_events'
  | 'statuses'
  | 'vulnerability_alerts';

/**
 * How GitHub lists a kind, which decides how changes and deletions are found. Paths are relative to the
 * repository's.
 *
 * - `since`: takes `?since=` (changed at or after), oldest first
 * - `newest-first`: with the query `changed`, sorted by time of change and read back to the high-water mark
 * - `whole`: always read to its end
 * - `connection`: GraphQL only, always read to its end; its rows are identified by name
 * - `within-parent`: no list of its own; GitHub shows it within its parent
 * - `detail`: no list of its own; GraphQL shows it in its answer about a single pull request
 */
export type Listing =
  | {
      by: 'since';
      path: string;
      query?: string;
      /** the list of one parent, by its number */
      ofParent?: (number: number) => string;
      switch?: FeatureSwitch;
      /** another kind whose rows the list contains as well */
      alsoLists?: string;
      /**
       * GraphQL can count them by time range: if a count differs, GraphQL is queried for these before the list
       * is read
       */
      isCountedByRange?: true;
    }
  | {
      by: 'newest-first';
      path: string;
      query: string;
      changed: string;
      switch?: FeatureSwitch;
    }
  | { by: 'whole'; path: string; query?: string }
  | { by: 'within-parent' }
  | { by: 'detail' }
  | {
      by: 'connection';
      /** the connection of GraphQL's `Repository` with its arguments; those for paging are put before them */
      connection: { field: string; arguments: string };
      /** the field of `Repository` for a single object, and how to make its argument from a name */
      byName: { field: string; argument: string; value: (name: string) => string };
      /** what to request of each, for `answer` to read */
      fields: string;
    };

/** GitHub's counts for a single pull request, which the query about changed pull requests returns together. */
type CountInPullRequest = 'comments' | 'reviewComments';

/** The field of a repository that says whether a kind is switched on; if it is off, its lists answer 404. */
export type FeatureSwitch = 'has_pull_requests';

/** The parent of a row: if it is deleted, the row is too; with the column that refers to it. */
interface Parent {
  entity: string;
  /** our column that refers to the parent, and the parent's column */
  column: string;
  refersTo: 'id' | 'number';
  /** a column that only our own parent rows can fill in: the parent's id, looked up by `number` */
  fills?: string;
  /**
   * GitHub's count per parent: in this column of the parent's row, and under this name in the query about pull
   * requests
   */
  countColumn?: string;
  countedAs?: CountInPullRequest;
}

/**
 * A column that refers to a row of another kind. When GitHub deletes that row, it empties the column without
 * changing a timestamp.
 */
interface Reference {
  entity: string;
  column: string;
}

/** What identifies a single object at GitHub; each kind uses some of it. */
export interface Address {
  readonly id: number;
  readonly number: number;
  readonly name: string;
}

/** What webhook events say about a kind, and how to recognise their bodies (`deliveries/events.ts`). */
export interface EventRule {
  /** the field of the payload that contains the object */
  subject: string;
  /** the field that contains its parent, if every body has one: an issue beside its comment */
  parent?: string;
  /** fields of other events' subjects that a body may also have */
  may?: readonly string[];
  /**
   * if they are not the kind's own: any one of these lets an App subscribe to it (in GitHub's OpenAPI, "To subscribe
   * to this event")
   */
  permissions?: readonly Permission[];
  /** actions after which GitHub no longer has the object, each with the reason to mark it with */
  deletes?: readonly DeletedReason[];
}

export type DeletedReason = 'deleted' | 'transferred';

/** Why GitHub no longer has an event's object; null if it still does. */
export function deletedReason(rule: EventRule | undefined, action: string | null): DeletedReason | null {
  return rule?.deletes?.find((reason) => reason === action) ?? null;
}

/** A kind that is shown within its parent. */
export type PartEntity = Entity<string, EntityRow & { id: number }>;

/**
 * A kind of GitHub's data, described once. The row type, table shape, reading of lists and payloads, upsert,
 * equality, job counts, high-water marks, permission and verification are derived from it.
 */
export interface Entity<Name extends string = string, Row extends EntityRow = EntityRow> {
  /** the name of its table, also used in jobs, checkpoints and drift */
  readonly name: Name;
  /** for people: `pull requests` */
  readonly label: string;
  /** incremented when columns are added: repositories read with an older version are read in full once more */
  readonly version: number;
  /** any one of these lets the App read it */
  readonly permissions: readonly Permission[];
  /** false: mirrored if the permission is granted, otherwise off without an error */
  readonly required: boolean;
  readonly columns: Columns;
  readonly key: readonly string[];
  /** the column that decides which of two states is newer; null: GitHub's latest answer wins */
  readonly clock: string | null;
  /** columns that only some answers contain: undefined if an answer lacks them, and then left unchanged */
  readonly partial: readonly string[];
  /**
   * fields that REST omits if they are empty, with the value that this means; in a payload their absence means
   * nothing
   */
  readonly restDefaults: Readonly<Record<string, unknown>>;
  readonly authored: boolean;
  readonly deletedReasons: boolean;
  readonly parents: readonly Parent[];
  readonly references: readonly Reference[];
  /** the kind whose rows GitHub shows within a row of this one */
  readonly parts: PartEntity | null;
  readonly list: Listing;
  /**
   * fields of GraphQL's `Repository` whose value differs once the kind has changed, the first with its
   * `totalCount`: queried for every repository once an hour. Without them changes are found in other ways
   */
  readonly probe: readonly string[];
  /** which change in every sweep's query means that this kind may have changed: `refs`, or another kind */
  readonly changesWith: readonly string[];
  /** path of a single object, which a list lacks or a payload leaves open; null if GitHub has none */
  readonly one: ((at: Address) => string) | null;
  /** the path contains its name: an answer under another name is another object, or it was renamed */
  readonly isFoundByName: boolean;
  /** a column whose value only one object of a repository has at a time; names that differ in case may be the same */
  readonly unique: string | null;
  readonly events: Readonly<Record<string, EventRule>>;
  /**
   * the part of GitHub's schema for the fields that a row is read from. A payload that does not match it is not
   * trusted at all, and GitHub is asked
   */
  readonly payload: z.ZodType;
  /** reads GitHub's object as a row; only the fields that are used are checked */
  readonly row: z.ZodType<Row>;
  /** elements in GitHub's lists of this kind that belong to another kind */
  readonly isOther: (element: unknown) => boolean;
}

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

/** The row type of a kind: `RowIn<typeof issues>`. */
export type RowIn<E> = E extends Entity<string, infer Row> ? Row : never;
