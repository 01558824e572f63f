import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import type { Numbered } from './issue-numbers.ts';

/**
 * The live issues of a repository that were last updated at or after `from` and before `to`, of one author and
 * state if given, and how many there are.
 */
export interface StoredIssueRange extends Bounds {
  issues: number;
}

interface Bounds {
  from: string | null;
  to: string | null;
  author: string | null;
  state: string | null;
}

/**
 * Splits ranges into parts of about `size` live issues, by time. If many more were updated within the same
 * second, that second is split by author and state; issues without an author are in none of these ranges.
 */
export async function storedIssueRanges(
  db: Sql,
  repositoryId: number,
  within: readonly Bounds[],
  size: number,
): Promise<StoredIssueRange[]> {
  const { rows } = await sql<Omit<StoredIssueRange, 'to'> & { at: number; tied: boolean }>`
    select at, start as from, tied, author, state, count(*) as issues from (
      select at, tied, min(updated_at) over (partition by at, part) as start,
        case when tied then author_login else within_author end as author,
        case when tied then state else within_state end as state
      from (select *, count(*) over (partition by at, part) > ${2 * size} as tied from (
        select r.at, r.author as within_author, r.state as within_state, i.updated_at, i.author_login, i.state,
          (rank() over (partition by r.at order by i.updated_at) - 1) / ${size}::int as part
        from ${inRanges(repositoryId, within)}) parts) sized) cut
    group by at, start, tied, author, state order by at, start, author, state`.execute(db);
  const ranges = rows.map(({ at, from, tied, ...row }) => {
    const starts = rows.filter((other) => other.at === at).map((other) => other.from);
    const next = starts.find((start) => start !== null && from !== null && start > from);
    const isFirst = from === starts[0];
    const { from: begin = null, to: end = null } = within[at] ?? {};
    return { range: { ...row, from: isFirst ? begin : from, to: next ?? end }, tied };
  });
  return ranges.flatMap(({ range, tied }) =>
    // An App has another login in GraphQL.
    tied && (range.author === null || range.author.endsWith('[bot]')) ? [] : [range],
  );
}

/** The live issues in these ranges. */
export async function storedIssuesIn(
  db: Sql,
  repositoryId: number,
  ranges: readonly Bounds[],
): Promise<Numbered[]> {
  const { rows } = await sql<Numbered>`select i.id, i.number from ${inRanges(repositoryId, ranges)}`.execute(
    db,
  );
  return rows;
}

/** Those of these numbers that no live issue has. */
export async function numbersWithoutIssue(
  db: Sql,
  repositoryId: number,
  numbers: readonly number[],
): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`select number from unnest(${numbers}::int[]) number
    where not exists (select from issues i
      where i.repository_id = ${repositoryId} and i.number = number.number and i.deleted_at is null)
    order by 1`.execute(db);
  return rows.map(({ number }) => number);
}

function inRanges(repositoryId: number, ranges: readonly Bounds[]): RawBuilder<unknown> {
  const given = JSON.stringify(
    ranges.map(({ from, to, author, state }, at) => ({ at, from, to, author, state })),
  );
  return sql`issues i
    join json_to_recordset(${given}::json)
        as r(at int, "from" timestamptz, "to" timestamptz, author text, state text)
      on (r.from is null or i.updated_at >= r.from) and (r.to is null or i.updated_at < r.to)
        and (r.author is null or i.author_login = r.author) and (r.state is null or i.state = r.state)
    where i.repository_id = ${repositoryId} and i.deleted_at is null`;
}
