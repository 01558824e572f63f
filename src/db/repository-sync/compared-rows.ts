import { sql } from 'kysely';
import type { RowCounts } from '../../model.ts';
import { branches } from '../../entities/branches.ts';
import { furtherKinds } from '../../entities/index.ts';
import type { Sql } from '../orm.ts';
import { countedColumns } from '../rows/counted-columns.ts';

/** Live rows of repositories that a full comparison covers, per table. */
export async function comparedRows(db: Sql, ids: readonly number[]): Promise<Map<number, RowCounts>> {
  const others = [branches, ...furtherKinds].map(
    ({ name }) =>
      sql`(select count(*) from ${sql.table(name)} where repository_id = r.id and deleted_at is null) as ${sql.ref(name)}`,
  );
  const { rows } = await sql<RowCounts & { id: number }>`
    select r.id, coalesce(t.commits, 0) as commits, 1 as repositories,
      ${countedColumns((name) => sql`coalesce(t.${sql.ref(name)}, 0) as ${sql.ref(name)}`)},
      (select count(*) from repository_contributors where repository_id = r.id) as repository_contributors,
      ${sql.join(others)}
    from repositories r left join repository_totals t on t.repository_id = r.id
    where r.id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
