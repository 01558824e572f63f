import { z } from 'zod';
import type { Account } from '../model.ts';
import type { Columns, Partially, RowOf } from './columns.ts';

/** What rows of every kind may have; `author` becomes `author_id` when the row is stored, `parts` rows of their own. */
export type EntityRow = Readonly<Record<string, unknown>> & {
  readonly author?: Account | null;
  readonly parts?: ShownParts;
};

/** What GitHub shows within a row of another kind. */
export interface ShownParts {
  rows: (EntityRow & { id: number })[];
  /** the ids of those that are there and cannot be read, null where not even that can be */
  unreadable: (number | null)[];
}

/** Repository permissions of GitHub Apps (https://docs.github.com/rest/authentication/permissions-required-for-github-apps). */
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
 * How GitHub lists a kind, which decides how changes and deletions are found. Paths are below the repository's.
 *
 * - `since`: takes `?since=` (changed at or after), oldest first
 * - `newest-first`: with the query `changed` by time of change, read back as far as the high-water mark
 * - `whole`: always read to its end
 * - `connection`: by GraphQL alone, always read to its end, each of its rows known by name
 * - `within-parent`: none of its own, GitHub shows it within the row that it belongs to
 * - `detail`: none of its own, GraphQL shows it in its answer about a single pull request
 */
export type Listing =
  | {
      by: 'since';
      path: string;
      query?: string;
      /** the list of one parent, by its number */
      ofParent?: (number: number) => string;
      switch?: FeatureSwitch;
      /** another kind whose rows the list shows as well */
      alsoLists?: string;
      /** GraphQL counts them by ranges of time: where a count differs it is asked for these before the list is read */
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
      /** the connection of GraphQL's `Repository` with its arguments; the page's come before them */
      connection: { field: string; arguments: string };
      /** the field of `Repository` that answers for a single one, and what its argument is for a name */
      byName: { field: string; argument: string; value: (name: string) => string };
      /** what is asked of each, for `answer` to read */
      fields: string;
    };

/** GitHub's counts of a single pull request, which its answer about those that changed shows side by side. */
type CountInPullRequest = 'comments' | 'reviewComments';

/** The field of a repository by which a kind is switched off; its lists are then a 404. */
export type FeatureSwitch = 'has_pull_requests';

/** The row that a row belongs to: what is deleted with it, and which column names it. */
interface Parent {
  entity: string;
  /** our column that refers to it, and the column of it that it refers to */
  column: string;
  refersTo: 'id' | 'number';
  /** a column that only our own rows of the parent can fill in: its id, by `number` */
  fills?: string;
  /** GitHub counts them for each parent: in this column of the parent's row, and as this in its answer about pull requests */
  countColumn?: string;
  countedAs?: CountInPullRequest;
}

/** A column that names a row of another kind, and that GitHub empties, moving no clock, when it deletes that row. */
interface Reference {
  entity: string;
  column: string;
}

/** What GitHub finds a single object by; each kind uses some of it. */
export interface Address {
  readonly id: number;
  readonly number: number;
  readonly name: string;
}

/** What a webhook event tells about a kind, and how its bodies are known (`deliveries/events.ts`). */
export interface EventRule {
  /** the field of the payload that holds the object */
  subject: string;
  /** the field that holds its parent, where each body has one: an issue beside its comment */
  parent?: string;
  /** fields of other events' subjects that a body may have beside its own */
  may?: readonly string[];
  /** actions after which GitHub no longer has it, each the reason it is marked with */
  deletes?: readonly DeletedReason[];
}

export type DeletedReason = 'deleted' | 'transferred';

/** Why GitHub no longer has what an event is about; null where it still has it. */
export function deletedReason(rule: EventRule | undefined, action: string | null): DeletedReason | null {
  return rule?.deletes?.find((reason) => reason === action) ?? null;
}

/** A kind that is shown within its parent. */
export type PartEntity = Entity<string, EntityRow & { id: number }>;

/**
 * A kind of GitHub's data, described once. Row type, table shape, reading of lists and payloads, upsert, equality,
 * job counts, high-water marks, permission and verification follow from it.
 */
export interface Entity<Name extends string = string, Row extends EntityRow = EntityRow> {
  /** its table, and the name that jobs, checkpoints and drift know it by */
  readonly name: Name;
  /** what a person reads: `pull requests` */
  readonly label: string;
  /** raised when columns are added: repositories read with an older version are read whole once more */
  readonly version: number;
  /** any of these lets the App read it */
  readonly permissions: readonly Permission[];
  /** false: mirrored where the permission is granted, and off, without an error, where it is not */
  readonly required: boolean;
  readonly columns: Columns;
  readonly key: readonly string[];
  /** the column that decides which of two states is newer; null: GitHub's newest answer wins */
  readonly clock: string | null;
  /** columns that only some answers show: undefined where the answer does not, and then left as they are */
  readonly partial: readonly string[];
  /** fields that REST leaves out where they are empty, with what that means; of a payload it says nothing */
  readonly restDefaults: Readonly<Record<string, unknown>>;
  readonly authored: boolean;
  readonly deletedReasons: boolean;
  readonly parents: readonly Parent[];
  readonly references: readonly Reference[];
  /** the kind whose rows GitHub shows within a row of this one */
  readonly parts: PartEntity | null;
  readonly list: Listing;
  /**
   * fields of GraphQL's `Repository` whose answer is another one where the kind changed, the first with its `totalCount`: every
   * repository is asked for them once an hour. None: changes are found without
   */
  readonly probe: readonly string[];
  /** what the question of every sweep shows as changed when this kind may have: `refs`, or another kind */
  readonly changesWith: readonly string[];
  /** path of one object, for what a list lacks and for what a payload leaves open; null: GitHub has none */
  readonly one: ((at: Address) => string) | null;
  /** its path has its name: what is answered under another one is another, or was renamed */
  readonly isFoundByName: boolean;
  readonly events: Readonly<Record<string, EventRule>>;
  /**
   * what GitHub's schema says of the fields that a row is read from, which its payloads keep to: of one that does not, nothing is
   * believed, and GitHub is asked
   */
  readonly payload: z.ZodType;
  /** reads GitHub's object, of which only the fields that are used are looked at, as a row */
  readonly row: z.ZodType<Row>;
  /** elements that GitHub's lists of this kind hold and that are of another */
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

/** What a whole list lacks is asked for alone: a list is no evidence. So such a kind has to have an address. */
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

/** Of a kind that no payload shows. */
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
    isOther: () => false,
    ...rest,
    row: answer.transform((shown) => toRow(shown)),
  };
}

/** The row type of a kind: `RowIn<typeof issues>`. */
export type RowIn<E> = E extends Entity<string, infer Row> ? Row : never;
