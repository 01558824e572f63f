import { sql, type RawBuilder } from 'kysely';

export interface EachKeyOptions {
  repositoryId?: number;
  indexed?: RawBuilder<unknown>;
  lock?: RawBuilder<unknown>;
}

/**
 * What follows `from`: `found`, the rows of a table with one of these keys, each key searched in the index by itself. With
 * `= any(…)` beside other conditions and without statistics, PostgreSQL combines that search with all of the repository's
 * entries of another index, or reads these alone; so other conditions follow, after `where`.
 *
 * @param key the column, and PostgreSQL's type
 * @param repositoryId of the rows, where the index begins with it
 * @param indexed the condition of the index, where it has one: PostgreSQL does not look for it in what follows
 * @param lock `for no key update`, say
 */
export function eachKey(
  table: string,
  [column, type]: readonly [column: string, type: string],
  keys: readonly (number | string)[],
  { repositoryId, indexed, lock = sql`` }: EachKeyOptions = {},
): RawBuilder<unknown> {
  const within = repositoryId === undefined ? sql`` : sql`repository_id = ${repositoryId} and`;
  const condition = indexed === undefined ? sql`` : sql`and ${indexed}`;
  // `offset 0` keeps PostgreSQL from planning what follows together with the search.
  return sql`unnest(${[...new Set(keys)]}::${sql.raw(type)}[]) as requested (key) cross join lateral (
    select * from ${sql.table(table)} where ${within} ${sql.ref(column)} = requested.key ${condition} ${lock} offset 0) as found`;
}
