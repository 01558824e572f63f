import { sql } from 'kysely';
import type { InstallationRow } from '../../model.ts';
import type { Sql } from '../orm.ts';

/** An installation that is not marked as deleted, as GitHub last showed it. */
export async function findInstallation(db: Sql, installationId: number): Promise<InstallationRow | null> {
  const { rows } = await sql<InstallationRow>`
    select id, account_id, account_login, account_type, repository_selection, permissions, events, suspended_at,
      created_at
    from installations where id = ${installationId} and deleted_at is null`.execute(db);
  return rows[0] ?? null;
}

/** Whether no installation was ever known here. */
export async function isWithoutInstallations(db: Sql): Promise<boolean> {
  const { rows } = await sql<{ empty: boolean }>`
    select not exists (select 1 from installations) as empty`.execute(db);
  return rows[0]?.empty === true;
}

/** Ids of installations that are not marked as deleted, in order. */
export async function installationsAfter(db: Sql, after: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from installations
    where id > ${after} and deleted_at is null order by id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
