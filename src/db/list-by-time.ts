import { sql, type RawBuilder } from 'kysely';
import { pageOf } from './page-of.ts';
import type { Sql } from './orm.ts';

/** Where a page ended. In microseconds, as in PostgreSQL: milliseconds would skip or repeat rows. */
export type PlaceInTime = [micros: number, key: string];

/** The list to read. */
interface TimedList {
  table: string;
  columns: RawBuilder<unknown>;
  /** the column with the time, and a uuid column that distinguishes rows with the same time */
  time: string;
  key: string;
}

export interface TimeFilter {
  limit: number;
  since?: Date | undefined;
  /** the only order that every filter has an index for; newest by default */
  first?: 'newest' | 'oldest' | undefined;
  after?: PlaceInTime | undefined;
}

/** A row's position in its list. */
interface Placed {
  micros: number;
  place: string;
}

/** An equality for each value that is given. */
export function equalities(
  values: Readonly<Record<string, string | number | undefined>>,
): RawBuilder<unknown>[] {
  return Object.entries(values).flatMap(([column, value]) =>
    value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`],
  );
}

/**
 * The rows that match all conditions, newest first by default, and where the next page begins (null at the
 * end).
 */
export async function listByTime<Row extends object>(
  db: Sql,
  { table, columns, time, key }: TimedList,
  conditions: readonly RawBuilder<unknown>[],
  { limit, since, first, after }: TimeFilter,
): Promise<{ page: Omit<Row & Placed, keyof Placed>[]; next: PlaceInTime | null }> {
  const [at, id] = [sql.ref(time), sql.ref(key)];
  const [direction, beyond] = first === 'oldest' ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`];
  const all = [sql`true`, ...conditions];
  if (since !== undefined) all.push(sql`${at} >= ${since.toISOString()}`);
  if (after !== undefined) {
    const [micros, last] = after;
    all.push(sql`(${at}, ${id}) ${beyond} (
      timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${last}::uuid)`);
  }
  const { rows } = await sql<Row & Placed>`
    select ${columns}, (extract(epoch from ${at}) * 1000000)::bigint as micros, ${id}::text as place
    from ${sql.table(table)} where ${sql.join(all, sql` and `)}
    order by ${at} ${direction}, ${id} ${direction} limit ${limit + 1}`.execute(db);
  const { page, next } = pageOf(rows, limit, ({ micros, place }): PlaceInTime => [micros, place]);
  return { page: page.map(({ micros: _micros, place: _place, ...row }) => row), next };
}
