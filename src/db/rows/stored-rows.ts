import { sql } from 'kysely';
import { eachKey } from '../each-key.ts';
import type { RepositoryRow } from '../../model.ts';
import type { Sql } from '../orm.ts';

/** The heads of branches, by name; null for one that is marked as deleted. */
export async function storedBranches(
  db: Sql,
  repositoryId: number,
  names: readonly string[],
): Promise<Map<string, string | null>> {
  if (names.length === 0) return new Map();
  const { rows } = await sql<{ name: string; head: string | null }>`
    select name, case when deleted_at is null then head_sha end as head
    from ${eachKey('branches', ['name', 'text'], names, { repositoryId })}`.execute(db);
  return new Map(rows.map(({ name, head }) => [name, head]));
}

/** The live branches of a repository by name, and whether each is protected; `limit` of them at most, whichever. */
export async function branchProtection(
  db: Sql,
  repositoryId: number,
  limit: number,
): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ name: string; protected: boolean }>`
    select name, protected from branches where repository_id = ${repositoryId} and deleted_at is null
    limit ${limit}`.execute(db);
  return new Map(rows.map((row) => [row.name, row.protected]));
}

/** The repository's row in the shape of GitHub's. @throws if there is none */
export async function storedRepository(db: Sql, repositoryId: number): Promise<RepositoryRow> {
  const [row] = await storedRepositories(db, [repositoryId]);
  if (row === undefined) throw new Error(`repository ${repositoryId} has no row`);
  return row;
}

/** The rows of those of these repositories that exist here. */
export async function storedRepositories(db: Sql, ids: readonly number[]): Promise<RepositoryRow[]> {
  const { rows } = await sql<RepositoryRow>`
    select id, node_id, owner_login, name, full_name, private, visibility, archived, disabled, fork, default_branch,
      description, language, topics, stargazers_count, forks_count, open_issues_count, has_issues,
      has_pull_requests, created_at, updated_at, pushed_at
    from repositories where id = any(${ids}::bigint[])`.execute(db);
  return rows;
}
