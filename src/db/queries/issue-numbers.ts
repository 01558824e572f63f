import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export type NumberedTable = 'issues' | 'pull_requests';

export interface Numbered {
  id: number;
  number: number;
}

/** How many distinct ids the reading met, and which live rows it did not. */
export async function unlisted(
  db: Sql,
  repositoryId: number,
  list: NumberedTable,
): Promise<{ listed: number; missing: Numbered[] }> {
  const count = await sql<{ listed: number }>`select count(*) as listed from listed_ids
    where repository_id = ${repositoryId} and list = ${list}`.execute(db);
  // `offset` keeps it a lookup in the index for each row: `listed_ids` was filled a moment ago, and a planner that
  // takes it for empty compares every row with every other (30,000 issues: minutes).
  const { rows } = await sql<Numbered>`select id, number from ${sql.table(list)} t
    where repository_id = ${repositoryId} and deleted_at is null and not exists (
      select 1 from listed_ids l
      where l.repository_id = ${repositoryId} and l.list = ${list} and l.id = t.id offset 0)`.execute(db);
  return { listed: count.rows[0]?.listed ?? 0, missing: rows };
}

/** The ids of live issues that bear a number: one, unless a row was damaged here. */
export async function liveIssues(db: Sql, repositoryId: number, number: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from issues
    where repository_id = ${repositoryId} and number = ${number} and deleted_at is null`.execute(db);
  return rows.map(({ id }) => id);
}

/** The numbers of open pull requests into any of these branches. */
export async function openInto(
  db: Sql,
  repositoryId: number,
  branches: readonly string[],
): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`select number from pull_requests
    where repository_id = ${repositoryId} and state = 'open' and deleted_at is null
      and base_ref = any(${branches}::text[])`.execute(db);
  return rows.map(({ number }) => number);
}

/** The live issues (pull requests) that bear a label, or any of these logins. */
export async function labelled(
  db: Sql,
  repositoryId: number,
  list: NumberedTable,
  labels: readonly string[],
): Promise<Numbered[]> {
  const { rows } = await sql<Numbered>`select id, number from ${sql.table(list)}
    where repository_id = ${repositoryId} and deleted_at is null and labels && ${labels}::text[]`.execute(db);
  return rows;
}
