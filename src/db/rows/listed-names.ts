import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/**
 * A name in the list of ids that were met (`listed_ids`), as a hash: two of 2^64 that collide hide a deletion
 * until the next reading.
 */
const idOf = sql`hashtextextended(name, 0)`;

/** Like `recordListed`, for rows without an id. */
export async function recordListedNames(
  tx: Sql,
  repositoryId: number,
  list: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await sql`insert into listed_ids (repository_id, list, id)
    select ${repositoryId}, ${list}, ${idOf} from unnest(${names}::text[]) as met(name)
    on conflict do nothing`.execute(tx);
}

/** The names of live rows of a named kind (branches, tags) that were not met. */
export async function unlistedNames(
  db: Sql,
  table: string,
  repositoryId: number,
  list: string,
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(table)} where repository_id = ${repositoryId} and deleted_at is null and not exists (
      select 1 from listed_ids l where l.repository_id = ${repositoryId} and l.list = ${list} and l.id = ${idOf})
    order by name`.execute(db);
  return rows.map(({ name }) => name);
}
