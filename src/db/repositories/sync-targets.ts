import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** The part of a repository or an installation that is needed to start work on it. */
export interface SyncTarget {
  id: number;
  installationId: number | null;
  /** `owner/name`, or the account's login */
  label: string;
  state: 'live' | 'removed' | 'installation-removed' | 'suspended';
}

export async function findRepositoryTarget(db: Sql, id: number): Promise<SyncTarget | null> {
  const { rows } = await sql<SyncTarget>`
    select r.id, r.installation_id as "installationId", r.full_name as label,
      case when i.deleted_at is not null then 'installation-removed'
        when r.removed_at is not null then 'removed'
        when i.suspended_at is not null then 'suspended'
        else 'live' end as state
    from repositories r left join installations i on i.id = r.installation_id
    where r.id = ${id}`.execute(db);
  return rows[0] ?? null;
}

export async function findInstallationTarget(db: Sql, id: number): Promise<SyncTarget | null> {
  const { rows } = await sql<SyncTarget>`
    select id, id as "installationId", account_login as label,
      case when deleted_at is not null then 'installation-removed'
        when suspended_at is not null then 'suspended'
        else 'live' end as state
    from installations where id = ${id}`.execute(db);
  return rows[0] ?? null;
}
