import { sql, type RawBuilder } from 'kysely';
import { eachKey } from '../each-key.ts';
import type { Sql } from '../orm.ts';
import { isFarAhead } from '../times-ahead.ts';

/** GitHub's comment count for an issue or pull request. */
export interface CommentCount {
  number: number;
  counted: number;
}

/**
 * A parent whose comment count at GitHub differs from the live comments here, or did when its list was last
 * read.
 */
export interface CountedParent extends CommentCount {
  stored: number;
  /** the difference that remained when its list was last read */
  known: (CommentCount & { stored: number }) | null;
  /** why its list could not be read, and when that was first and last tried; null if it was read */
  unread: UnreadComments | null;
}

/** A list of comments that could not be read. */
export interface UnreadComments {
  reason: string;
  since: string;
  at: string;
}

/**
 * The parents whose comment count at GitHub differs from the live comments here, or for which a difference is
 * recorded.
 */
export async function parentsThatDiffer(
  db: Sql,
  table: string,
  repositoryId: number,
  counts: readonly CommentCount[],
): Promise<CountedParent[]> {
  if (counts.length === 0) return [];
  const given = sql`json_to_recordset(${JSON.stringify(counts)}::json) as p(number int, counted int)`;
  return differing(db, table, repositoryId, sql`${given} ${storedOfEach(table, repositoryId)}`);
}

/** The comment count in the row of a live parent; null without one. */
export async function countInRow(
  db: Sql,
  parent: { table: string; column: string },
  repositoryId: number,
  number: number,
): Promise<number | null> {
  const { rows } = await sql<{ counted: number | null }>`
    select ${sql.ref(parent.column)} as counted from ${sql.table(parent.table)}
    where repository_id = ${repositoryId} and number = ${number} and deleted_at is null`.execute(db);
  return rows[0]?.counted ?? null;
}

/** The live comments of each of a few parents `p`. */
function storedOfEach(table: string, repositoryId: number): RawBuilder<unknown> {
  return sql`left join lateral (select count(*)::int as stored from ${sql.table(table)} c
    where c.repository_id = ${repositoryId} and c.number = p.number and c.deleted_at is null) c on true`;
}

/** The live parents whose list of comments could not be read when it was last requested. */
export async function parentsUnread(
  db: Sql,
  table: string,
  repositoryId: number,
  parents: readonly string[],
): Promise<CountedParent[]> {
  const isLive = parents.map(
    (parent) => sql`exists (select 1 from ${sql.table(parent)} t
      where t.repository_id = u.repository_id and t.number = u.number and t.deleted_at is null)`,
  );
  const unread = sql`(select number, counted from comment_count_differences u
    where repository_id = ${repositoryId} and kind = ${table} and unread_since is not null
      and (${sql.join(isLive, sql` or `)})) p`;
  return differing(db, table, repositoryId, sql`${unread} ${storedOfEach(table, repositoryId)}`);
}

/**
 * Like `parentsThatDiffer`, by the counts in the parents' own rows.
 *
 * @param parents tables whose rows are as new as GitHub's, with the column of the count
 */
export async function storedCountsThatDiffer(
  db: Sql,
  table: string,
  repositoryId: number,
  parents: readonly { table: string; column: string }[],
): Promise<CountedParent[]> {
  if (parents.length === 0) return [];
  const each = parents.map(
    (parent) => sql`select number, ${sql.ref(parent.column)} as counted from ${sql.table(parent.table)}
      where repository_id = ${repositoryId} and deleted_at is null and ${sql.ref(parent.column)} is not null`,
  );
  const stored = sql`left join (select number, count(*)::int as stored from ${sql.table(table)}
    where repository_id = ${repositoryId} and deleted_at is null group by number) c using (number)`;
  return differing(db, table, repositoryId, sql`(${sql.join(each, sql` union all `)}) p ${stored}`);
}

/**
 * How many comments the live parents in these tables count, and how many live threads there are that begin with one.
 *
 * @param threads their table, or null
 */
export async function countedComments(
  db: Sql,
  repositoryId: number,
  parents: readonly { table: string; column: string }[],
  threads: string | null,
): Promise<number> {
  const live = sql`where repository_id = ${repositoryId} and deleted_at is null`;
  const counts = [
    ...parents.map(
      ({ table, column }) =>
        sql`select coalesce(sum(${sql.ref(column)}), 0) as n from ${sql.table(table)} ${live}`,
    ),
    ...(threads === null ? [] : [sql`select count(*) as n from ${sql.table(threads)} ${live}`]),
  ];
  if (counts.length === 0) return 0;
  const { rows } = await sql<{ n: number }>`
    select sum(n)::float8 as n from (${sql.join(counts, sql` union all `)}) c`.execute(db);
  return rows[0]?.n ?? 0;
}

async function differing(
  db: Sql,
  table: string,
  repositoryId: number,
  parents: RawBuilder<unknown>,
): Promise<CountedParent[]> {
  const { rows } = await sql<CountedParent>`
    select p.number, p.counted, coalesce(c.stored, 0) as stored,
      case when d.number is not null then
        json_build_object('number', d.number, 'counted', d.counted, 'stored', d.stored) end as known,
      case when d.unread_since is not null then json_build_object('reason', d.unread_reason,
        'since', ${orLongAgo('d.unread_since')}, 'at', ${orLongAgo('d.unread_at')}) end as unread
    from ${parents}
    left join comment_count_differences d
      on d.repository_id = ${repositoryId} and d.kind = ${table} and d.number = p.number
    where p.counted <> coalesce(c.stored, 0) or d.number is not null
    order by p.number desc`.execute(db);
  return rows;
}

/** A time, or one long ago if it lies far ahead: a clock was wrong when it was recorded. */
function orLongAgo(column: string): RawBuilder<unknown> {
  const time = sql.ref(column);
  return sql`case when ${isFarAhead(time)} then 'epoch' else ${time} end`;
}

/** Live comments here that a reading of their list did not meet; only of one parent if `number` is given. */
export async function unlistedComments(
  db: Sql,
  table: string,
  repositoryId: number,
  list: string,
  number: number | null,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from ${sql.table(table)} t
    where repository_id = ${repositoryId} and deleted_at is null
      and (${number}::int is null or number = ${number}::int) and not exists (
        select 1 from listed_ids l
        where l.repository_id = ${repositoryId} and l.list = ${list} and l.id = t.id offset 0)
    order by id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Whether there is anything here that could have comments. */
export async function hasParents(
  db: Sql,
  repositoryId: number,
  parents: readonly string[],
): Promise<boolean> {
  for (const parent of parents) {
    const { rows } = await sql`select 1 from ${sql.table(parent)}
      where repository_id = ${repositoryId} limit 1`.execute(db);
    if (rows.length > 0) return true;
  }
  return false;
}

/**
 * Whether a parent has a comment, or may have one because its count is unknown.
 *
 * @param parent a table whose rows are as new as GitHub's, with the column of the count
 * @param since only those that changed at or after; null: all
 */
export async function hasCommentedSince(
  db: Sql,
  repositoryId: number,
  parent: { table: string; column: string },
  since: string | null,
): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(parent.table)}
    where repository_id = ${repositoryId} and state in ('open', 'closed')
      and updated_at >= coalesce(${since}::timestamptz, '-infinity') and ${sql.ref(parent.column)} is distinct from 0 limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Live pull requests that changed at or after. */
export async function pullRequestsSince(db: Sql, repositoryId: number, since: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from pull_requests
    where repository_id = ${repositoryId} and deleted_at is null and state in ('open', 'closed')
      and updated_at >= ${since}`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * Whether the parents with these numbers are live here, by number, with their id; null: deleted or transferred.
 */
export async function parentIds(
  db: Sql,
  repositoryId: number,
  parents: readonly string[],
  numbers: readonly number[],
): Promise<Map<number, number | null>> {
  const found = new Map<number, number | null>();
  for (const parent of numbers.length === 0 ? [] : parents) {
    const { rows } = await sql<{ number: number; id: number | null }>`
      select number, max(id) filter (where deleted_at is null) as id
      from ${eachKey(parent, ['number', 'int'], numbers, { repositoryId })} group by number`.execute(db);
    for (const { number, id } of rows) found.set(number, found.get(number) ?? id);
  }
  return found;
}
