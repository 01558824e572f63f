import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** Ids of installations that are not marked as gone, in order. */
export async function installationsAfter(db: Sql, after: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from installations
    where id > ${after} and deleted_at is null order by id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Repositories whose deliveries nobody has worked on, although they are some seconds old. */
export async function repositoriesWithPending(db: Sql): Promise<{ id: number; known: boolean }[]> {
  const { rows } = await sql<{ id: number; known: boolean }>`
    select d.repository_id as id, bool_or(r.id is not null) as known
    from webhook_deliveries d left join repositories r on r.id = d.repository_id and r.removed_at is null
    where d.status = 'pending' and d.repository_id is not null
    group by d.repository_id`.execute(db);
  return rows;
}
