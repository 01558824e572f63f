import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { upsertShares } from './upsert-shares.ts';

/**
 * By how much the number of an author's live commits changed; may be 0 if other commits took the place of some.
 */
export interface AuthorChange {
  author_id: number | null;
  n: number;
}

/**
 * Updates `repository_contributors` in the transaction that changes which commits are live, at a cost in
 * proportion to the change: one more commit does not require recounting all of an author's.
 * `recountContributors` computes it from scratch.
 *
 * @returns how many rows were inserted, changed or deleted
 */
export async function adjustContributors(
  tx: Sql,
  repositoryId: number,
  changes: readonly AuthorChange[],
): Promise<number> {
  if (changes.every(({ author_id }) => author_id === null)) return 0;
  const { rows } = await sql<{ changed: number }>`
    with given as (
      select author_id, sum(n)::int as n
      from json_to_recordset(${JSON.stringify(changes)}::json) as r(author_id bigint, n int)
      where author_id is not null group by author_id
    ), counted as (
      select author_id, given.n + coalesce((select commits_count from repository_contributors
        where repository_id = ${repositoryId} and contributor_id = author_id), 0) as n from given
    ), gone as (
      delete from repository_contributors where repository_id = ${repositoryId}
        and contributor_id = any(array(select author_id from counted where n <= 0)) returning 1
    ), kept as (
      ${upsertShares(sql`select ${repositoryId}::bigint, author_id, n, ${commitTime(repositoryId, 'asc')},
        ${commitTime(repositoryId, 'desc')} from counted where n > 0`)} returning 1
    )
    select (select count(*) from gone) + (select count(*) from kept) as changed`.execute(tx);
  return rows[0]?.changed ?? 0;
}

/**
 * The time of the first or last live commit of `counted.author_id`: the start or end of the index. Without
 * statistics PostgreSQL expects one row in 200 to be live and would sort all of the author's; for a `case` it
 * expects half.
 */
function commitTime(repositoryId: number, order: 'asc' | 'desc') {
  return sql`(select committed_at from commits c
    where c.author_id = counted.author_id and c.repository_id = ${repositoryId} and c.committed_at is not null
      and case when c.orphaned_at is null then true else false end
    order by c.committed_at ${sql.raw(order)} limit 1)`;
}
