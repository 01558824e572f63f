import { sql, type RawBuilder } from 'kysely';
import { countedKinds, type CountedName } from '../../entities/index.ts';

/** A part of a statement for each kind that GitHub counts: its column of a table, or an expression. */
export function countedColumns(
  column: (name: CountedName) => RawBuilder<unknown> = (name) => sql.ref(name),
  between = sql`, `,
): RawBuilder<unknown> {
  return sql.join(
    countedKinds.map(({ name }) => column(name)),
    between,
  );
}

/** Whether each of them is switched on, from `repositories r`. */
export const switches = countedColumns((name) => sql`r.${sql.ref(`has_${name}`)}`);

/** How many rows of each are live, from a left join with `repository_totals t`. */
export const liveTotals = countedColumns(
  (name) => sql`coalesce(t.${sql.ref(name)}, 0) as ${sql.ref(`${name}_count`)}`,
);
