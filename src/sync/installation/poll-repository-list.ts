import { databaseTime } from '../../db/database-time.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { sqlOf, type Sql } from '../../db/orm.ts';
import { writeRepositories } from '../../db/repository-sync/write-repositories.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import { SyncError } from '../../errors.ts';
import { listRepositories } from '../../github/app-api.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import { writeTold } from '../refusals.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

const READINGS = 3;

export interface ListedIds {
  /** all ids in the complete list, including those of unreadable elements */
  listed: Set<number>;
  unreadable: Unreadable[];
  /** repositories that PostgreSQL rejects as they are listed */
  refused: RefusedRow[];
}

/**
 * The ids in the complete list, which is read again while it lacks repositories that deliveries announced as
 * added, or still contains removed ones.
 */
export async function pollRepositoryList(
  deps: SyncDependencies,
  installationId: number,
  deliveries: readonly PendingDelivery[],
): Promise<ListedIds> {
  const changes = deliveries.filter(({ event }) => event === 'installation_repositories');
  const added = new Set(changes.flatMap(({ payload }) => idsIn(payload['repositories_added'])));
  const removed = new Set(changes.flatMap(({ payload }) => idsIn(payload['repositories_removed'])));
  let found: ListedIds = { listed: new Set(), unreadable: [], refused: [] };
  await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
    found = await readRepositoryList(deps, installationId);
    const shown = (ids: Set<number>, other: Set<number>, has: boolean) =>
      [...ids].every((id) => other.has(id) || found.listed.has(id) === has);
    return shown(added, removed, true) && shown(removed, added, false);
  });
  return found;
}

/** A list that shifts is read again; if only its `total_count` stays wrong, the list itself is accepted. */
export async function readRepositoryList(deps: SyncDependencies, installationId: number): Promise<ListedIds> {
  const db = sqlOf(deps.orm);
  let before = -1;
  for (let reading = 1; ; reading += 1) {
    const found: ListedIds = { listed: new Set(), unreadable: [], refused: [] };
    const askedAt = await databaseTime(db);
    try {
      for await (const { rows, unreadable } of listRepositories(deps.github, installationId)) {
        const write = (tx: Sql) => writeRepositories(tx, installationId, rows, false, askedAt);
        found.refused.push(...(await writeTold(deps.orm, write)));
        for (const { id } of [...rows, ...unreadable]) if (id !== null) found.listed.add(id);
        found.unreadable.push(...unreadable);
      }
      return found;
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'LIST_SHIFTED') throw error;
      if (found.listed.size === before || reading === READINGS) return found;
      before = found.listed.size;
    }
  }
}

/** The ids in a payload's list of repositories. */
export function idsIn(list: unknown): number[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
    return typeof id === 'number' ? [id] : [];
  });
}
