import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export interface FailingGroup {
  code: string;
  count: number;
  /** the first few, by name */
  examples: { id: number; full_name: string; message: string }[];
}

/** Live repositories that are currently in error, grouped by code; of one installation or all. */
export async function listFailingRepositories(
  db: Sql,
  installationId: number | null,
): Promise<FailingGroup[]> {
  const { rows } = await sql<FailingGroup>`
    select code, count(*) as count, jsonb_agg(
      jsonb_build_object('id', id, 'full_name', full_name, 'message', left(message, 300)) order by full_name
    ) filter (where place <= 5) as examples
    from (
      select id, full_name, split_part(sync_error, ':', 1) as code,
        ltrim(substr(sync_error, strpos(sync_error, ':') + 1)) as message,
        row_number() over (partition by split_part(sync_error, ':', 1) order by full_name) as place
      from repositories where removed_at is null and sync_status = 'error' and sync_error is not null
        and ${installationId === null ? sql`true` : sql`installation_id = ${installationId}`}
    ) f group by code order by 2 desc, code`.execute(db);
  return rows;
}
