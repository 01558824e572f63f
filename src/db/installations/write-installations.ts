import { sql } from 'kysely';
import type { InstallationRow } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { pauseWithInstallations } from '../repositories/sync-status.ts';
import { markRepositoriesUninstalled } from '../repository-sync/write-repositories.ts';
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

/**
 * Writes installations as GitHub shows them to the App; their repositories are paused during a suspension.
 *
 * @param askedAt when GitHub was asked, by the database's clock: one that was suspended, uninstalled or the reverse
 * since then stays as it is
 */
export async function writeInstallations(
  tx: Sql,
  rows: readonly InstallationRow[],
  askedAt: string,
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const known = await knownInstallations(tx, rows.filter(isIncomplete));
  await upsertRows(
    tx,
    shape,
    rows.map((row) => ({ ...row, ...notShown(row, known.get(row.id)), deleted_at: null })),
    { guard: sql`(t.standing_at is null or t.standing_at < ${askedAt}::timestamptz)` },
  );
  await pauseWithInstallations(tx, ids);
}

type KnownInstallation = Pick<
  InstallationRow,
  'id' | 'account_id' | 'account_login' | 'account_type' | 'repository_selection' | 'created_at'
>;

/** Whether GitHub omitted what every installation has. */
function isIncomplete({ account_login, repository_selection, created_at }: InstallationRow): boolean {
  return account_login === '' || repository_selection === '' || created_at === '';
}

/** Omitted values stay as known; for a new installation they get the least harmful default. */
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

/** The App was uninstalled: marks the installation and the repositories that still belong to it. */
export async function markInstallationDeleted(tx: Sql, installationId: number): Promise<void> {
  await sql`update installations set deleted_at = now() where id = ${installationId} and deleted_at is null`.execute(
    tx,
  );
  await markRepositoriesUninstalled(tx, installationId);
}

/** Ids of installations that are marked as deleted and to which live repositories belong all the same. */
export async function deletedWithRepositories(db: Sql): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from installations i where deleted_at is not null
    and exists (select 1 from repositories where installation_id = i.id and removed_at is null)`.execute(db);
  return rows.map(({ id }) => id);
}
