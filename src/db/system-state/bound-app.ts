import { sql } from 'kysely';
import { SyncError } from '../../errors.ts';
import type { Sql } from '../orm.ts';

/**
 * A database belongs to one GitHub App: the first that uses it. Another App's list of installations lacks
 * everything here, which must not be treated as uninstalled.
 *
 * @throws SyncError APP_MISMATCH if the database belongs to another App
 */
export async function assertBoundApp(db: Sql, appId: number): Promise<void> {
  await sql`insert into system_state (name, value, updated_at)
    values ('app', jsonb_build_object('id', ${appId}::bigint), now())
    on conflict (name) do nothing`.execute(db);
  const { rows } = await sql<{ id: number | null }>`
    select (value ->> 'id')::bigint as id from system_state where name = 'app'`.execute(db);
  const id = rows[0]?.id ?? null;
  if (id === null || id === appId) return;
  throw new SyncError(
    'APP_MISMATCH',
    `this database belongs to GitHub App ${id}, but GITHUB_APP_ID is ${appId}`,
  );
}
