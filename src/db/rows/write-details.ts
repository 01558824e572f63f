import { sql } from 'kysely';
import { eachKey } from '../each-key.ts';
import type { Sql } from '../orm.ts';
import { RECENT_SECONDS } from './find-details.ts';

const columns = {
  merged_by_login: 'text',
  additions: 'int',
  deletions: 'int',
  changed_files: 'int',
  commits_count: 'int',
  comments_count: 'int',
  first_commit_at: 'timestamptz',
  ready_for_review_at: 'timestamptz',
} as const;

/**
 * The columns of a pull request that its list does not show, with GitHub's `updated_at` for them; undefined if the
 * answer does not show one.
 */
interface DetailRow {
  id: number;
  updated_at: string;
  columns: Readonly<Record<keyof typeof columns, string | number | null | undefined>>;
}

/**
 * Writes the columns that details show; those of a row that is newer than the answer stay, except with `force`.
 *
 * @returns how many rows changed; a first detail is not counted, because the row was counted when it was
 * inserted
 */
export async function writeDetails(
  tx: Sql,
  repositoryId: number,
  details: readonly DetailRow[],
  force: boolean,
): Promise<number> {
  if (details.length === 0) return 0;
  const rows = JSON.stringify(
    details.map(({ id, updated_at, columns: own }) => ({ id, updated_at, ...own, shown: shownIn(own) })),
  );
  const names = Object.keys(columns);
  const types = sql.join(
    Object.entries(columns).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`),
  );
  const stored = sql.join(names.map((name) => sql.ref(`p.${name}`)));
  const shown = sql.join(
    names.map((name) => {
      const isShown = sql`${sql.lit(name)} = any(r.shown)`;
      return sql`case when ${isShown} then ${sql.ref(`r.${name}`)} else ${sql.ref(`p.${name}`)} end`;
    }),
  );
  const { rows: changed } = await sql<{ counts: boolean }>`update pull_requests p
    set (${sql.join(names.map((name) => sql.ref(name)))}) = row(${shown})
    from json_to_recordset(${rows}::json) as r(id bigint, updated_at timestamptz, shown text[], ${types})
    where p.id = r.id and ${isOneOf(details)} and p.repository_id = ${repositoryId} and (${force}::boolean or r.updated_at >= p.updated_at)
      and (${stored}) is distinct from (${shown}) returning p.detail_of is not null as counts`.execute(tx);
  return changed.filter(({ counts }) => counts).length;
}

function shownIn(own: DetailRow['columns']): string[] {
  return Object.entries(own).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/**
 * Records that all of these details are stored; for changes shortly before the answer that is uncertain.
 *
 * @param date when GitHub answered
 */
export async function recordDetails(
  tx: Sql,
  repositoryId: number,
  details: readonly { id: number; updated_at: string }[],
  date: string,
): Promise<void> {
  if (details.length === 0) return;
  const read = JSON.stringify(details.map(({ id, updated_at }) => ({ id, updated_at })));
  await sql`update pull_requests p set detail_of = p.updated_at
    from json_to_recordset(${read}::json) as r(id bigint, updated_at timestamptz)
    where p.id = r.id and ${isOneOf(details)} and p.repository_id = ${repositoryId}
      and p.detail_of is distinct from p.updated_at and r.updated_at >= p.updated_at
      and p.updated_at < ${date}::timestamptz - make_interval(secs => ${RECENT_SECONDS})`.execute(tx);
}

/** Without statistics the rows of JSON count as a hundred: joined with them alone, all of a repository were read. */
function isOneOf(details: readonly { id: number }[]) {
  return sql`p.id = any(${details.map(({ id }) => id)}::bigint[])`;
}

/** Marks details of a repository to be read again: all of them, or those of these pull requests. */
export async function forgetDetails(
  tx: Sql,
  repositoryId: number,
  numbers: readonly number[] | null = null,
): Promise<void> {
  const chosen =
    numbers === null
      ? sql`repository_id = ${repositoryId}`
      : sql`id = any(array(select id from ${eachKey('pull_requests', ['number', 'int'], numbers, { repositoryId })}))`;
  await sql`update pull_requests set detail_of = null where ${chosen} and detail_of is not null`.execute(tx);
}
