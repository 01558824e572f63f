import type { z } from 'zod';
import type { Account } from '../model.ts';
import type { Columns } from './columns.ts';
import type { EventRule } from './event-rule.ts';
import type { Listing } from './listing.ts';
import type { Permission } from './permission.ts';

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

/** GitHub's counts for a single pull request, which the query about changed pull requests returns together. */
type CountInPullRequest = 'comments' | 'reviewComments';

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

/** The row type of a kind: `RowIn<typeof issues>`. */
export type RowIn<E> = E extends Entity<string, infer Row> ? Row : never;
