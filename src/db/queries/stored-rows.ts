import { sql } from 'kysely';
import type { IssueRow, PullRequestRow, RepositoryRow } from '../../model.ts';
import type { Sql } from '../orm.ts';

export interface StoredVersion<Row> {
  row: Row;
  deleted: boolean;
}

function byId<Row extends { id: number; deleted: boolean }>(rows: readonly Row[]) {
  return new Map(rows.map((row) => [row.id, { row, deleted: row.deleted }]));
}

/** Issues as they are stored, in the shape of GitHub's, to be compared with what payloads show. */
export async function storedIssues(
  db: Sql,
  ids: readonly number[],
): Promise<Map<number, StoredVersion<IssueRow>>> {
  const { rows } = await sql<IssueRow & { deleted: boolean }>`
    select id, number, title, body, state, state_reason, author_login, labels, assignees, comments_count, locked,
      created_at, updated_at, closed_at, deleted_at is not null as deleted, null as author
    from issues where id = any(${ids}::bigint[])`.execute(db);
  return byId(rows);
}

export async function storedPullRequests(
  db: Sql,
  ids: readonly number[],
): Promise<Map<number, StoredVersion<PullRequestRow>>> {
  const { rows } = await sql<PullRequestRow & { deleted: boolean }>`
    select id, number, title, body, state, draft, merged_at, merge_commit_sha, author_login, head_ref, head_sha,
      base_ref, labels, assignees, created_at, updated_at, closed_at, deleted_at is not null as deleted, null as author
    from pull_requests where id = any(${ids}::bigint[])`.execute(db);
  return byId(rows);
}

export async function storedBranches(
  db: Sql,
  repositoryId: number,
  names: readonly string[],
): Promise<Map<string, string | null>> {
  const { rows } = await sql<{ name: string; head: string | null }>`
    select name, case when deleted_at is null then head_sha end as head from branches
    where repository_id = ${repositoryId} and name = any(${names}::text[])`.execute(db);
  return new Map(rows.map(({ name, head }) => [name, head]));
}

/** The live branches that a list does not name. */
export async function unlistedBranches(
  db: Sql,
  repositoryId: number,
  listed: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from branches b
    where repository_id = ${repositoryId} and deleted_at is null
      and not exists (select 1 from unnest(${listed}::text[]) as l(name) where l.name = b.name)
    order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** The repository's row in the shape of GitHub's. @throws where there is none */
export async function storedRepository(db: Sql, repositoryId: number): Promise<RepositoryRow> {
  const { rows } = await sql<RepositoryRow>`
    select id, node_id, owner_login, name, full_name, private, visibility, archived, disabled, fork, default_branch,
      description, language, topics, stargazers_count, forks_count, open_issues_count, has_issues,
      has_pull_requests, created_at, updated_at, pushed_at
    from repositories where id = ${repositoryId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error(`repository ${repositoryId} has no row`);
  return row;
}
