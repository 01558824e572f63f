import { sql } from 'kysely';
import type { InstallationRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { upsertRows, type TableShape } from '../rows/upsert-rows.ts';

const shape: TableShape<InstallationRow & { deleted_at: null }> = {
  table: 'installations',
  key: ['id'],
  columns: {
    id: 'bigint',
    account_id: 'bigint',
    account_login: 'text',
    account_type: 'text',
    repository_selection: 'text',
    permissions: 'jsonb',
    events: 'jsonb',
    suspended_at: 'timestamptz',
    created_at: 'timestamptz',
    deleted_at: 'timestamptz',
  },
};

/** Writes installations as GitHub shows them to the App; their repositories pause with a suspension. */
export async function writeInstallations(tx: Sql, rows: readonly InstallationRow[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const known = await knownInstallations(tx, rows.filter(isIncomplete));
  await upsertRows(
    tx,
    shape,
    rows.map((row) => ({ ...row, ...notShown(row, known.get(row.id)), deleted_at: null })),
  );
  await sql`update repositories r set sync_status = 'paused'
    from installations i where i.id = r.installation_id and i.id = any(${ids}::bigint[])
      and i.suspended_at is not null and r.removed_at is null and r.sync_status <> 'paused'`.execute(tx);
  // After a suspension nothing is known of what was missed: all is pending again.
  await sql`update repositories r set sync_status = 'pending'
    from installations i where i.id = r.installation_id and i.id = any(${ids}::bigint[])
      and i.suspended_at is null and r.sync_status = 'paused'`.execute(tx);
}

type KnownInstallation = Pick<
  InstallationRow,
  'id' | 'account_id' | 'account_login' | 'account_type' | 'repository_selection' | 'created_at'
>;

/** Whether GitHub showed it without what every installation has. */
function isIncomplete({ account_login, repository_selection, created_at }: InstallationRow): boolean {
  return account_login === '' || repository_selection === '' || created_at === '';
}

/** What was not shown, as it is known; of an installation that is new, what does least harm. */
function notShown(row: InstallationRow, known: KnownInstallation | undefined): Partial<InstallationRow> {
  const { account_id, account_login, account_type } = known ?? row;
  return {
    ...(row.account_login === '' && { account_id, account_login, account_type }),
    ...(row.repository_selection === '' && {
      repository_selection: known?.repository_selection ?? 'selected',
    }),
    ...(row.created_at === '' && { created_at: known?.created_at ?? new Date().toISOString() }),
  };
}

async function knownInstallations(
  tx: Sql,
  installations: readonly InstallationRow[],
): Promise<Map<number, KnownInstallation>> {
  if (installations.length === 0) return new Map();
  const ids = installations.map(({ id }) => id);
  const { rows } = await sql<KnownInstallation>`
    select id, account_id, account_login, account_type, repository_selection, created_at
    from installations where id = any(${ids}::bigint[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The App was uninstalled: the installation and the repositories that are still its own are marked. */
export async function markInstallationDeleted(tx: Sql, installationId: number): Promise<void> {
  await sql`update installations set deleted_at = now() where id = ${installationId} and deleted_at is null`.execute(
    tx,
  );
  await sql`update repositories set removed_at = now(), removed_reason = 'uninstalled'
    where installation_id = ${installationId} and removed_at is null`.execute(tx);
  await sql`update repository_sync s set wanted_at = null, wanted_mode = null
    from repositories r where r.id = s.repository_id and r.installation_id = ${installationId}
      and s.wanted_at is not null`.execute(tx);
}
