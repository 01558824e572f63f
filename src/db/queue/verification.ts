import { sql } from 'kysely';
import type { RowCounts } from '../../model.ts';
import { furtherKinds } from '../../entities/index.ts';
import type { Sql } from '../orm.ts';

/** Live rows of repositories that a complete comparison covers, by table. */
export async function comparedRows(db: Sql, ids: readonly number[]): Promise<Map<number, RowCounts>> {
  const further = furtherKinds.map(
    ({ name }) =>
      sql`, (select count(*) from ${sql.table(name)} where repository_id = r.id and deleted_at is null) as ${sql.ref(name)}`,
  );
  const { rows } = await sql<RowCounts & { id: number }>`
    select r.id, coalesce(t.commits, 0) as commits, coalesce(t.issues, 0) as issues,
      coalesce(t.pull_requests, 0) as pull_requests, 1 as repositories,
      (select count(*) from branches where repository_id = r.id and deleted_at is null) as branches,
      (select count(*) from repository_contributors where repository_id = r.id) as repository_contributors
      ${sql.join(further, sql``)}
    from repositories r left join repository_totals t on t.repository_id = r.id
    where r.id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
