import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** Starts a full reading of a list. */
export async function clearListed(db: Sql, repositoryId: number, list: string): Promise<void> {
  await sql`delete from listed_ids where repository_id = ${repositoryId} and list = ${list}`.execute(db);
}

export async function recordListed(
  tx: Sql,
  repositoryId: number,
  list: string,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`insert into listed_ids (repository_id, list, id)
    select ${repositoryId}, ${list}, unnest(${ids}::bigint[]) on conflict do nothing`.execute(tx);
}
