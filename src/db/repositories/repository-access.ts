import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/**
 * Whether another live repository has this one's last known name: an answer under that name is then not about
 * this one.
 */
export async function isNameTaken(db: Sql, repository: { id: number; full_name: string }): Promise<boolean> {
  const { rows } = await sql`select 1 from repositories
    where md5(lower(full_name)) = md5(lower(${repository.full_name}))
      and lower(full_name) = lower(${repository.full_name}) and id <> ${repository.id} and removed_at is null`.execute(
    db,
  );
  return rows.length > 0;
}

/** Whether an installation is known here, and not uninstalled. */
export async function isMirroredInstallation(db: Sql, installationId: number): Promise<boolean> {
  const { rows } = await sql`select 1 from installations
    where id = ${installationId} and deleted_at is null`.execute(db);
  return rows.length > 0;
}
