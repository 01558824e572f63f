import { sql } from 'kysely';
import type { Entity } from '../../entities/entity.ts';
import { eachKey } from '../each-key.ts';
import type { Sql } from '../orm.ts';

/** The ids of live rows whose parent is not live: GitHub does not show them within any. */
export async function orphanedParts(db: Sql, entity: Entity, repositoryId: number): Promise<number[]> {
  const [parent] = entity.parents;
  if (parent === undefined) return [];
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(entity.name)} c
    where repository_id = ${repositoryId} and deleted_at is null and not exists (
      select 1 from ${sql.table(parent.entity)} p where p.repository_id = c.repository_id
        and p.deleted_at is null and ${sql.ref(`p.${parent.refersTo}`)} = ${sql.ref(`c.${parent.column}`)})
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** The ids of live rows that belong to one of these parents and that GitHub did not show within it. */
export async function unlistedParts(
  db: Sql,
  entity: Entity,
  repositoryId: number,
  parents: readonly number[],
  listed: readonly number[],
): Promise<number[]> {
  const [parent] = entity.parents;
  if (parent === undefined || parents.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select id from ${eachKey(entity.name, [parent.column, 'bigint'], parents)}
    where repository_id = ${repositoryId} and deleted_at is null and id <> all(${listed}::bigint[])
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}
