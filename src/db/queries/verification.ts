import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** Live rows of a repository that a complete comparison covers. */
export async function totalRows(db: Sql, repositoryId: number): Promise<number> {
  const { rows } = await sql<{ total: number }>`select commits + issues + pull_requests as total
    from repository_totals where repository_id = ${repositoryId}`.execute(db);
  return rows[0]?.total ?? 0;
}
