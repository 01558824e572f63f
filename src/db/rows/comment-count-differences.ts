import { sql } from 'kysely';
import type { CommentCount } from './comment-counts.ts';
import type { Sql } from '../orm.ts';

const inRow = (table: string, repositoryId: number, number: number) =>
  sql`repository_id = ${repositoryId} and kind = ${table} and number = ${number}`;

const stored = (table: string, repositoryId: number, number: number) =>
  sql`(select count(*)::int as stored from ${sql.table(table)}
    where repository_id = ${repositoryId} and number = ${number} and deleted_at is null) c`;

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
  await sql`delete from comment_count_differences where ${inRow(table, repositoryId, number)}`.execute(tx);
  await sql`insert into comment_count_differences (repository_id, kind, number, counted, stored)
    select ${repositoryId}, ${table}, ${number}, ${counted}, stored from ${stored(table, repositoryId, number)}
    where stored <> ${counted}`.execute(tx);
}

/** Records why the list of a parent's comments could not be read, until it is (`recordCommentCount`). */
export async function recordUnreadComments(
  tx: Sql,
  table: string,
  repositoryId: number,
  { number, counted }: CommentCount,
  reason: string,
): Promise<void> {
  await sql`insert into comment_count_differences as d
      (repository_id, kind, number, counted, stored, unread_since, unread_at, unread_reason)
    select ${repositoryId}, ${table}, ${number}, ${counted}, stored, now(), now(), ${reason}
    from ${stored(table, repositoryId, number)}
    on conflict (repository_id, kind, number) do update set counted = excluded.counted, stored = excluded.stored,
      unread_since = least(d.unread_since, now()), unread_at = now(), unread_reason = excluded.unread_reason`.execute(
    tx,
  );
}
