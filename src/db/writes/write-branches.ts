import { sql } from 'kysely';
import type { BranchRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from './upsert-rows.ts';

type StoredBranch = BranchRow & { repository_id: number; deleted_at: null };

const shape: TableShape<StoredBranch> = {
  table: 'branches',
  key: ['repository_id', 'name'],
  columns: {
    repository_id: 'bigint',
    name: 'text',
    head_sha: 'text',
    protected: 'boolean',
    deleted_at: 'timestamptz',
  },
};

export async function writeBranches(
  tx: Sql,
  repositoryId: number,
  rows: readonly BranchRow[],
): Promise<number> {
  return upsertRows(
    tx,
    shape,
    rows.map((row) => ({ ...row, repository_id: repositoryId, deleted_at: null })),
  );
}

/** What a push tells of branches: where they point, not whether they are protected. */
export async function moveBranches(
  tx: Sql,
  repositoryId: number,
  heads: readonly Pick<BranchRow, 'name' | 'head_sha'>[],
): Promise<number> {
  const { protected: _unknown, ...columns } = shape.columns;
  return upsertRows(
    tx,
    { ...shape, columns },
    heads.map((row) => ({ ...row, repository_id: repositoryId, deleted_at: null })),
  );
}

/** @returns the names that were live until now */
export async function markBranchesDeleted(
  tx: Sql,
  repositoryId: number,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await sql<{ name: string }>`update branches set deleted_at = now()
    where repository_id = ${repositoryId} and name = any(${names}::text[]) and deleted_at is null
    returning name`.execute(tx);
  return rows.map(({ name }) => name);
}
