import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export interface RepositoryDrift {
  full_name: string;
  /** rows compared, by table; all under one name where an earlier version compared them */
  compared: Record<string, number>;
  /** rows that differed from GitHub and were repaired, by table */
  healed: Record<string, number>;
}

/** What the last complete comparison of each live repository found, where it was made since `since`. */
export async function readDrift(db: Sql, since: string): Promise<RepositoryDrift[]> {
  const { rows } = await sql<RepositoryDrift>`
    select r.full_name, s.verified -> 'healed' as healed,
      coalesce(s.verified -> 'compared', jsonb_build_object('rows', s.verified -> 'rows')) as compared
    from repository_sync s join repositories r on r.id = s.repository_id
    where r.removed_at is null and s.verified is not null and s.verified_at >= ${since}
    order by r.full_name`.execute(db);
  return rows;
}

/** Live repositories that were not compared in full since `since`. Paused ones cannot be. */
export async function countUnverified(db: Sql, since: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from repositories r left join repository_sync s on s.repository_id = r.id
    where r.removed_at is null and r.sync_status <> 'paused' and (s.verified_at is null or s.verified_at < ${since})`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
