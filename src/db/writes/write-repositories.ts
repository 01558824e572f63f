import { sql } from 'kysely';
import type { RepositoryRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from './upsert-rows.ts';

type StoredRow = RepositoryRow & { installation_id: number; removed_at: null; removed_reason: null };

const shape: TableShape<StoredRow> = {
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
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    pushed_at: 'timestamptz',
    removed_at: 'timestamptz',
    removed_reason: 'text',
  },
};

/**
 * Writes repositories that GitHub shows to this installation now: they are its own and live, whatever was
 * known before.
 *
 * @param force writes over newer rows too; else a stale replica's answer changes nothing
 */
export async function writeRepositories(
  tx: Sql,
  installationId: number,
  rows: readonly RepositoryRow[],
  force = false,
): Promise<number> {
  const live = rows.map((row) => ({
    ...row,
    installation_id: installationId,
    removed_at: null,
    removed_reason: null,
  }));
  const guard = sql`excluded.updated_at >= t.updated_at or t.removed_at is not null
    or t.installation_id is distinct from excluded.installation_id`;
  return upsertRows(tx, shape, live, force ? {} : { guard: sql`(${guard})` });
}

/** The figures that every payload shows, from one that is not older than the row. */
export async function writeRepositoryFigures(tx: Sql, row: RepositoryRow): Promise<void> {
  await sql`update repositories
    set open_issues_count = ${row.open_issues_count},
        pushed_at = greatest(pushed_at, ${row.pushed_at}::timestamptz)
    where id = ${row.id} and removed_at is null and updated_at <= ${row.updated_at}::timestamptz
      and (open_issues_count, pushed_at)
        is distinct from (${row.open_issues_count}::int, greatest(pushed_at, ${row.pushed_at}::timestamptz))`.execute(
    tx,
  );
}

export type RemovedReason = 'deleted' | 'access_lost' | 'uninstalled' | 'transferred';

/**
 * Marks repositories as gone from this installation; those that another one has meanwhile are not its own.
 * What was wanted of them is wanted no more.
 */
export async function markRepositoriesRemoved(
  tx: Sql,
  installationId: number | null,
  ids: readonly number[],
  reason: RemovedReason,
): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await sql`update repositories
    set removed_at = now(), removed_reason = ${reason}
    where id = any(${ids}::bigint[]) and removed_at is null
      and installation_id is not distinct from ${installationId}`.execute(tx);
  await sql`update repository_sync s set wanted_at = null, wanted_mode = null
    from repositories r where r.id = s.repository_id and s.repository_id = any(${ids}::bigint[])
      and r.removed_at is not null`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
