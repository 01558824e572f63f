import { sql } from 'kysely';
import { sqlOf, type Orm, type Sql } from '../db/orm.ts';
import type { StoredRepository } from '../db/queries/repository-state.ts';
import {
  markRepositoriesRemoved,
  writeRepositories,
  type RemovedReason,
} from '../db/writes/write-repositories.ts';
import { SyncError } from '../errors.ts';
import { installationOf } from '../github/app-api.ts';
import type { GitHub } from '../github/client.ts';
import { createRepositoryApi } from '../github/repository-api.ts';
import type { RepositoryRow } from '../model.ts';

export type Standing =
  { live: true; row: RepositoryRow; installationId: number } | { live: false; reason: RemovedReason };

/**
 * Whether the App still has a repository, by two witnesses: the repository itself under the installation's
 * token, and `GET /repos/{owner}/{repo}/installation` as the App. A single 404 proves nothing.
 *
 * @param said what GitHub itself announced, if it did
 * @throws SyncError NOT_YET_VISIBLE when the witnesses contradict each other
 */
export async function confirmRepository(
  orm: Orm,
  github: GitHub,
  repository: Pick<StoredRepository, 'id' | 'full_name' | 'installation_id'>,
  said: RemovedReason | null,
): Promise<Standing> {
  const { id, installation_id: installationId } = repository;
  const found =
    installationId === null
      ? ({ state: 'absent' } as const)
      : await createRepositoryApi(github.installation(installationId), id, repository.full_name).repository();
  if (found.state === 'found') {
    const holder = await installationOf(github, found.row.full_name);
    if (holder !== null) return { live: true, row: found.row, installationId: holder };
    const owner = repository.full_name.split('/')[0];
    // Public, and so still visible, but out of the App's reach; under another owner GitHub moved it.
    return { live: false, reason: found.row.owner_login === owner ? (said ?? 'access_lost') : 'transferred' };
  }
  const holder = await installationOf(github, repository.full_name);
  if (holder !== null && holder === installationId && !(await nameIsTaken(sqlOf(orm), repository))) {
    throw new SyncError(
      'NOT_YET_VISIBLE',
      `${repository.full_name}: one answer says gone, another says there`,
      {
        retryAfterMs: 2000,
      },
    );
  }
  if (holder !== null && holder !== installationId) return { live: false, reason: 'access_lost' };
  return { live: false, reason: said ?? 'access_lost' };
}

/** Another live repository bears this one's last known name: what the name answers is then not about this one. */
async function nameIsTaken(db: Sql, repository: { id: number; full_name: string }): Promise<boolean> {
  const { rows } = await sql`select 1 from repositories
    where lower(full_name) = lower(${repository.full_name}) and id <> ${repository.id} and removed_at is null`.execute(
    db,
  );
  return rows.length > 0;
}

/** Writes what `confirmRepository` found; with `force` also over a row that looks newer. */
export async function writeStanding(
  tx: Sql,
  repository: Pick<StoredRepository, 'id' | 'installation_id'>,
  standing: Standing,
  force = false,
): Promise<{ repositories: number }> {
  if (standing.live) {
    const known = await sql`select 1 from installations where id = ${standing.installationId}`.execute(tx);
    // An installation that is not mirrored yet lists its repositories when it is.
    const mirrored = known.rows.length > 0;
    return {
      repositories: mirrored
        ? await writeRepositories(tx, standing.installationId, [standing.row], force)
        : 0,
    };
  }
  const { installation_id: installationId, id } = repository;
  const marked = await markRepositoriesRemoved(tx, installationId, [id], standing.reason);
  if (standing.reason === 'deleted') {
    // GitHub may take the access away first and say afterwards that it deleted the repository.
    await sql`update repositories set removed_reason = 'deleted'
      where id = ${id} and removed_reason = 'access_lost'`.execute(tx);
  }
  return { repositories: marked };
}
