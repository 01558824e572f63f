import { sql } from 'kysely';
import type { CommentCount } from './comment-counts.ts';
import type { Sql } from '../orm.ts';

/**
 * Records by how much GitHub's count of a parent's comments differs from its list, so that the list is not read
 * again before one of the two changes; clears it if they agree.
 */
export async function recordCommentCount(
  tx: Sql,
  table: string,
  repositoryId: number,
  { number, counted }: CommentCount,
): Promise<void> {
  const stored = sql`(select count(*)::int as stored from ${sql.table(table)}
    where repository_id = ${repositoryId} and number = ${number} and deleted_at is null) c`;
  await sql`delete from comment_count_differences
    where repository_id = ${repositoryId} and kind = ${table} and number = ${number}`.execute(tx);
  await sql`insert into comment_count_differences (repository_id, kind, number, counted, stored)
    select ${repositoryId}, ${table}, ${number}, ${counted}, stored from ${stored}
    where stored <> ${counted}`.execute(tx);
}
