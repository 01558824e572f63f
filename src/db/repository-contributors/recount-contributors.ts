import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { upsertShares } from './upsert-shares.ts';

/**
 * Recomputes `repository_contributors` from the live commits, for the given contributors or all (null). Counted
 * from scratch, so that counts cannot drift from the commits.
 *
 * @returns how many rows were inserted, changed or deleted
 */
export async function recountContributors(
  tx: Sql,
  repositoryId: number,
  contributorIds: readonly number[] | null,
): Promise<number> {
  if (contributorIds?.length === 0) return 0;
  const those = (column: string) =>
    contributorIds === null ? sql`true` : sql`${sql.ref(column)} = any(${contributorIds}::bigint[])`;
  const { rows } = await sql<{ changed: number }>`
    with counted as (
      select author_id, count(*)::int as n, min(committed_at) as first_at, max(committed_at) as last_at
      from commits
      where repository_id = ${repositoryId} and orphaned_at is null and author_id is not null
        and ${those('author_id')}
      group by author_id
    ), gone as (
      delete from repository_contributors rc
      where repository_id = ${repositoryId} and ${those('contributor_id')}
        -- an index lookup for each row, whatever the planner believes of the size of either table
        and not exists (
          select 1 from commits c where c.author_id = rc.contributor_id and c.repository_id = ${repositoryId}
            and c.orphaned_at is null offset 0)
      returning 1
    ), kept as (
      ${upsertShares(sql`select ${repositoryId}::bigint, author_id, n, first_at, last_at from counted`)} returning 1
    )
    select (select count(*) from gone) + (select count(*) from kept) as changed`.execute(tx);
  return rows[0]?.changed ?? 0;
}
