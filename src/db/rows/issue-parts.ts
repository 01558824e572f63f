import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import type { Numbered } from './issue-numbers.ts';

export interface StoredIssuePart {
  author: string | null;
  state: 'open' | 'closed';
  issues: number;
}

/** How many live issues of a repository each author opened, by state. */
export async function storedIssueParts(db: Sql, repositoryId: number): Promise<StoredIssuePart[]> {
  const { rows } = await sql<StoredIssuePart>`
    select author_login as author, state, count(*) as issues from issues
    where repository_id = ${repositoryId} and deleted_at is null group by 1, 2 order by 1, 2`.execute(db);
  return rows;
}

/** The live issues that an author opened and that are in a state. */
export async function storedIssuesOf(
  db: Sql,
  repositoryId: number,
  { author, state }: { author: string; state: string },
): Promise<Numbered[]> {
  const { rows } = await sql<Numbered>`select id, number from issues
    where repository_id = ${repositoryId} and deleted_at is null and author_login = ${author}
      and state = ${state}`.execute(db);
  return rows;
}
