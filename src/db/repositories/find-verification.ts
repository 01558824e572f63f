import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** The result of a repository's last full comparison. */
export interface RepositoryVerification {
  verified_at: string;
  rows_compared: number;
  rows_healed: number;
  /** rows that differed and were repaired, per table */
  healed: Record<string, number>;
}

/** The repository's last full comparison, or null if there was none since that time. */
export async function findVerification(
  db: Sql,
  repositoryId: number,
  since: string,
): Promise<RepositoryVerification | null> {
  const { rows } = await sql<RepositoryVerification>`
    select verified_at,
      coalesce((select sum(value::bigint) from jsonb_each_text(verified -> 'compared')), 0)::bigint as rows_compared,
      coalesce((select sum(value::bigint) from jsonb_each_text(verified -> 'healed')), 0)::bigint as rows_healed,
      coalesce(verified -> 'healed', '{}') as healed
    from repository_sync
    where repository_id = ${repositoryId} and verified is not null and verified_at >= ${since}::timestamptz`.execute(
    db,
  );
  return rows[0] ?? null;
}
