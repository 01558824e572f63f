import { sql } from 'kysely';
import type { RepositoryRow } from '../../model.ts';
import { isInFuture } from '../in-future.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from '../rows/upsert-rows.ts';

/** A row of a repository that is live in an installation. */
export type LiveRepository = RepositoryRow & {
  installation_id: number;
  removed_at: null;
  removed_reason: null;
};

const shape: TableShape<LiveRepository> = {
  table: 'repositories',
  key: ['id'],
  columns: {
    id: 'bigint',
    node_id: 'text',
    installation_id: 'bigint',
    owner_login: 'text',
    name: 'text',
    full_name: 'text',
    private: 'boolean',
    visibility: 'text',
    archived: 'boolean',
    disabled: 'boolean',
    fork: 'boolean',
    default_branch: 'text',
    description: 'text',
    language: 'text',
    topics: 'text[]',
    stargazers_count: 'int',
    forks_count: 'int',
    open_issues_count: 'int',
    has_issues: 'boolean',
    has_pull_requests: 'boolean',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    pushed_at: 'timestamptz',
    removed_at: 'timestamptz',
    removed_reason: 'text',
  },
};

/** Each column that GitHub's answers decide, with its type. */
export const repositoryColumns: readonly (readonly [name: string, type: string])[] = Object.entries(
  shape.columns,
);

/**
 * Inserts or changes repositories. Callers use `writeRepositories` of `repository-sync`, which also counts
 * damaged rows as drift.
 *
 * @param force overwrites even newer rows; otherwise a stale replica's answer changes nothing
 * @param askedAt when the list was requested, by the database's clock: a repository that was removed or moved
 * to another installation since then stays where it is
 */
export async function upsertRepositories(
  tx: Sql,
  rows: readonly LiveRepository[],
  { force, askedAt }: { force: boolean; askedAt: string | null },
): Promise<number> {
  const guard = sql`excluded.updated_at >= t.updated_at or ${isInFuture('t.updated_at')}
    or t.removed_at is not null
    or t.installation_id is distinct from excluded.installation_id`;
  const since = sql`(${askedAt}::timestamptz is null or t.standing_at is null or t.standing_at < ${askedAt}
    or (t.removed_at is null and t.installation_id = excluded.installation_id))`;
  return upsertRows(tx, shape, rows, force ? {} : { guard: sql`(${guard}) and ${since}` });
}

/**
 * The source of the number of open issues and pull requests: their `rows`, if all of them are mirrored; a
 * `payload`, until then; only answers of `github`, if not all can be mirrored.
 */
export type OpenIssuesSource = 'rows' | 'payload' | 'github';

/** The values in a payload's repository object that change no timestamp; none if there is no payload. */
interface ShownFigures {
  id: number;
  source: OpenIssuesSource;
  pushed_at?: string | null;
  open_issues_count?: number;
}

/**
 * The values that change none of the repository's timestamps: two payloads with the same `updated_at` cannot be
 * ordered by them.
 *
 * @param source the source of the number of open issues
 * @param row the repository as the latest payload shows it, or null
 */
export async function writeRepositoryFigures(
  tx: Sql,
  repositoryId: number,
  source: OpenIssuesSource,
  row: RepositoryRow | null,
): Promise<void> {
  await writeFigures(tx, [{ ...row, id: repositoryId, source }]);
}

/** The same for several. Callers that write more than one must lock them first, ordered by id. */
export async function writeFigures(tx: Sql, shown: readonly ShownFigures[]): Promise<void> {
  const figures = shown.map(({ id, source, pushed_at = null, open_issues_count = null }) => ({
    id,
    source,
    pushed_at,
    open_issues_count,
  }));
  await sql`update repositories r set open_issues_count = n.open, pushed_at = n.pushed_at
    from (
      select o.id, greatest(o.pushed_at, shown.pushed_at) as pushed_at,
        case when shown.source = 'rows' and has_issues and has_pull_requests
            then coalesce(t.open_issues, 0) + coalesce(t.open_pull_requests, 0)
          when shown.source = 'payload' then coalesce(shown.open_issues_count, o.open_issues_count)
          else o.open_issues_count end as open
      from json_to_recordset(${JSON.stringify(figures)}::json)
        as shown (id bigint, source text, pushed_at timestamptz, open_issues_count int)
      join repositories o on o.id = shown.id
      left join repository_totals t on t.repository_id = o.id
    ) n
    where r.id = n.id and r.removed_at is null
      and (r.open_issues_count, r.pushed_at) is distinct from (n.open, n.pushed_at)`.execute(tx);
}

/** Locks repositories in the order that every transaction uses for several of them. */
export async function lockRepositories(tx: Sql, ids: readonly number[]): Promise<void> {
  await sql`select 1 from repositories where id = any(${ids}::bigint[]) order by id for no key update`.execute(
    tx,
  );
}
