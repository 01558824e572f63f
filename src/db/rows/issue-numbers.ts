import { sql } from 'kysely';
import { eachKey } from '../each-key.ts';
import type { CountedName } from '../../entities/index.ts';
import type { Sql } from '../orm.ts';

export interface Numbered {
  id: number;
  number: number;
}

/** How many distinct ids the reading met. */
export async function countListed(db: Sql, repositoryId: number, list: CountedName): Promise<number> {
  const { rows } = await sql<{ listed: number }>`select count(*) as listed from listed_ids
    where repository_id = ${repositoryId} and list = ${list}`.execute(db);
  return rows[0]?.listed ?? 0;
}

const PAGE = 1000;

/** The live rows that the reading did not meet, by number, page by page. */
export async function* unlisted(
  db: Sql,
  repositoryId: number,
  list: CountedName,
): AsyncGenerator<Numbered[]> {
  for (let after: Numbered = { id: 0, number: -1 }; ;) {
    // `offset` keeps it an index lookup per row: `listed_ids` was filled a moment ago, and a planner that
    // expects it to be empty would compare every row with every other (30,000 issues: minutes).
    const { rows } = await sql<Numbered>`select id, number from ${sql.table(list)} t
      where repository_id = ${repositoryId} and deleted_at is null 
        and (number, id) > (${after.number}, ${after.id}) and not exists (
        select 1 from listed_ids l
        where l.repository_id = ${repositoryId} and l.list = ${list} and l.id = t.id offset 0)
      order by number, id limit ${PAGE}`.execute(db);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last;
  }
}

/** When an issue (pull request), live or not, last changed; null without any. */
export async function newestUpdate(db: Sql, repositoryId: number, list: CountedName): Promise<string | null> {
  // By state, as in the index.
  const newest = (state: string) => sql`(select max(updated_at) from ${sql.table(list)}
    where repository_id = ${repositoryId} and state = ${state})`;
  const { rows } = await sql<{ newest: string | null }>`
    select greatest(${newest('open')}, ${newest('closed')}) as newest`.execute(db);
  return rows[0]?.newest ?? null;
}

/** The ids of live issues (pull requests) with a number: one, unless a row was damaged here. */
export async function liveNumbered(
  db: Sql,
  repositoryId: number,
  list: CountedName,
  number: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(list)}
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

/** Those of these pull requests that are open into a branch that is marked as deleted. */
export async function openIntoDeleted(
  db: Sql,
  repositoryId: number,
  numbers: readonly number[],
): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    select number from ${eachKey('pull_requests', ['number', 'int'], numbers, { repositoryId })}
    where state = 'open' and deleted_at is null and (select deleted_at from branches
      where repository_id = found.repository_id and name = found.base_ref) is not null`.execute(db);
  return rows.map(({ number }) => number);
}

/** Live issues (pull requests) with any of these labels, `limit` at most, in no order. */
export async function labelled(
  db: Sql,
  repositoryId: number,
  list: CountedName,
  labels: readonly string[],
  limit: number,
): Promise<Numbered[]> {
  const pairs = labels.map((label) => JSON.stringify({ [label]: String(repositoryId) }));
  // The pairs contain the repository: with it as a condition of its own PostgreSQL might take the index of its numbers
  // and read all of them. Materialized, so that `limit` does not make reading the whole table seem cheap.
  const { rows } = await sql<Numbered>`with bearers as materialized (
      select id, number from ${sql.table(list)}
      where labels <> '{}' and deleted_at is null
        and jsonb_object(labels, array_fill(repository_id::text, array[cardinality(labels)])) @> any(${pairs}::jsonb[]))
    select id, number from bearers limit ${limit}`.execute(db);
  return rows;
}
