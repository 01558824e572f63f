import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** The name in `repository_sync.unread` for rows that PostgreSQL rejected. */
export const REFUSED_ROWS = 'refused rows';

/**
 * Repositories of an installation whose own row was rejected when a round last wrote it: a round records when
 * it is stored.
 */
export async function repositoriesWithRefusedRow(db: Sql, installationId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select repository_id as id from repository_sync
    where installation_id = ${installationId} and unread <> '{}' and unread -> ${REFUSED_ROWS}::text
      @> jsonb_build_array(jsonb_build_object('row', 'repositories ' || repository_id))`.execute(db);
  return rows.map(({ id }) => id);
}
