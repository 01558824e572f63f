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

/** The field of a repository that says whether a kind is switched on; if it is off, its lists answer 404. */
export type FeatureSwitch = 'has_pull_requests';
