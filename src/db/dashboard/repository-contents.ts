import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';

interface ShownBranch {
  name: string;
  head_sha: string;
  protected: boolean;
}

interface ShownCommit {
  sha: string;
  /** the first line */
  message: string;
  author: string | null;
  committed_at: string | null;
}

interface ShownIssue {
  number: number;
  title: string;
  author_login: string | null;
  labels: string[];
  created_at: string;
  updated_at: string;
}

interface ShownPullRequest extends ShownIssue {
  draft: boolean;
}

interface ShownPerson {
  contributor_id: number;
  login: string | null;
  name: string | null;
  type: string;
  commits_count: number;
  last_commit_at: string | null;
}

/** The most recent rows of everything in a repository, `limit` of each kind. */
export interface RepositoryContents {
  branches: ShownBranch[];
  commits: ShownCommit[];
  open_issues: ShownIssue[];
  open_pull_requests: ShownPullRequest[];
  people: ShownPerson[];
}

export async function readRepositoryContents(
  db: Sql,
  id: number,
  limit: number,
): Promise<RepositoryContents> {
  const [branches, commits, issues, pulls, people] = await Promise.all([
    sql<ShownBranch>`
      select b.name, b.head_sha, b.protected from branches b join repositories r on r.id = b.repository_id
      where b.repository_id = ${id} and b.deleted_at is null
      order by b.name <> r.default_branch, b.name limit ${limit}`.execute(db),
    sql<ShownCommit>`
      with newest as materialized (${newestCommits(id, limit)})
      select m.sha, left(split_part(m.message, E'\n', 1), 300) as message, coalesce(c.login, m.author_name) as author,
        m.committed_at
      from newest m left join contributors c on c.id = m.author_id
      order by m.committed_at desc nulls last, m.sha limit ${limit}`.execute(db),
    sql<ShownIssue>`
      select number, left(title, 300) as title, author_login, labels, created_at, updated_at from issues
      where repository_id = ${id} and deleted_at is null and state = 'open'
      order by updated_at desc, number desc limit ${limit}`.execute(db),
    sql<ShownPullRequest>`
      select number, left(title, 300) as title, author_login, labels, created_at, updated_at, draft from pull_requests
      where repository_id = ${id} and deleted_at is null and state = 'open'
      order by updated_at desc, number desc limit ${limit}`.execute(db),
    sql<ShownPerson>`
      select p.contributor_id, c.login, c.name, c.type, p.commits_count, p.last_commit_at
      from (
        select contributor_id, commits_count, last_commit_at from repository_contributors
        where repository_id = ${id} order by commits_count desc, contributor_id limit ${limit}
      ) p join contributors c on c.id = p.contributor_id
      order by p.commits_count desc, p.contributor_id`.execute(db),
  ]);
  return {
    branches: branches.rows,
    commits: commits.rows,
    open_issues: issues.rows,
    open_pull_requests: pulls.rows,
    people: people.rows,
  };
}

/**
 * Live commits, newest first: the index is read backwards, where those without a time come first and are
 * queried separately.
 */
function newestCommits(id: number, limit: number): RawBuilder<unknown> {
  const live = sql`select sha, message, author_name, author_id, committed_at from commits
    where repository_id = ${id} and orphaned_at is null`;
  return sql`(${live} and committed_at is not null order by committed_at desc, sha limit ${limit})
    union all (${live} and committed_at is null order by sha limit ${limit})`;
}
