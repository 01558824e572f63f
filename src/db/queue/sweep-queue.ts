import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';

/** Ids of installations that are not marked as gone, in order. */
export async function installationsAfter(db: Sql, after: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from installations
    where id > ${after} and deleted_at is null order by id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Repositories that deliveries wait for, by id, and whether they are live here. One index probe for each, not one for
 * each delivery.
 */
export async function repositoriesWithPending(
  db: Sql,
  after: number,
  limit: number,
): Promise<{ id: number; known: boolean }[]> {
  const { rows } = await sql<{ id: number; known: boolean }>`
    with recursive waiting as (
      (${firstWaitingAfter(sql`${after}::bigint`)})
      union all
      select following.id from waiting, lateral (${firstWaitingAfter(sql`waiting.id`)}) following
    )
    select p.id, r.id is not null as known from (select id from waiting limit ${limit}) p
    left join repositories r on r.id = p.id and r.removed_at is null order by p.id`.execute(db);
  return rows;
}

function firstWaitingAfter(repositoryId: RawBuilder<unknown>) {
  return sql`select repository_id as id from webhook_deliveries
    where status = 'pending' and repository_id > ${repositoryId} order by repository_id limit 1`;
}
