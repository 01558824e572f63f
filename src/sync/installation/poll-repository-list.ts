import { databaseTime } from '../../db/database-time.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { sqlOf, type Sql } from '../../db/orm.ts';
import { writeRepositories } from '../../db/repository-sync/write-repositories.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import { SyncError } from '../../errors.ts';
import { listRepositories, type Listed } from '../../github/app-api.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import type { InstallationRow, RepositoryRow } from '../../model.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import { writeReturningRefused } from '../refusals.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

const READINGS = 3;

export interface ListedIds {
  /** all ids in the complete list, including those of unreadable elements */
  listed: Set<number>;
  unreadable: Unreadable[];
  /** the logins of their owners */
  owners: Set<string>;
  /** repositories that PostgreSQL rejects as they are listed */
  refused: RefusedRow[];
}

/** A list whose first page is on its way. */
export interface BegunList {
  /** the database's time before it was requested */
  askedAt: string;
  pages: AsyncGenerator<Listed<RepositoryRow>>;
  /** Waits for the answer, if nobody reads it. */
  dismiss(): Promise<void>;
}

/** Requests the first page of an installation's list of repositories. */
export async function beginRepositoryList(
  deps: SyncDependencies,
  installationId: number,
): Promise<BegunList> {
  const askedAt = await databaseTime(sqlOf(deps.orm));
  const list = listRepositories(deps.github, installationId);
  const first = list.next();
  const answered = first.then(
    () => undefined,
    () => undefined,
  );
  return { askedAt, pages: continueWith(first, list), dismiss: () => answered };
}

async function* continueWith<T>(
  first: Promise<IteratorResult<T, void>>,
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  try {
    for (let result = await first; result.done !== true; result = await rest.next()) yield result.value;
  } finally {
    await rest.return();
  }
}

/**
 * The ids in the complete list, which is read again while it lacks repositories that deliveries announced as
 * added, still contains removed ones, or shows an owner under another login than the installation's account,
 * whose renaming was announced.
 *
 * @param begun a list that was begun after these deliveries arrived; it is read first
 */
export async function pollRepositoryList(
  deps: SyncDependencies,
  { id: installationId, account_login: login }: Pick<InstallationRow, 'id' | 'account_login'>,
  deliveries: readonly PendingDelivery[],
  begun?: BegunList,
): Promise<ListedIds> {
  let first = begun;
  const changes = deliveries.filter(({ event }) => event === 'installation_repositories');
  const added = new Set(changes.flatMap(({ payload }) => idsIn(payload['repositories_added'])));
  const removed = new Set(changes.flatMap(({ payload }) => idsIn(payload['repositories_removed'])));
  const isRenamed = deliveries.some(({ action }) => action === 'renamed');
  let found = nothingListed();
  await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
    found = await readRepositoryList(deps, installationId, first);
    first = undefined;
    const shown = (ids: Set<number>, other: Set<number>, has: boolean) =>
      [...ids].every((id) => other.has(id) || found.listed.has(id) === has);
    const areOwnersRenamed = !isRenamed || [...found.owners].every((owner) => owner === login);
    return areOwnersRenamed && shown(added, removed, true) && shown(removed, added, false);
  });
  return found;
}

function nothingListed(): ListedIds {
  return { listed: new Set(), unreadable: [], owners: new Set(), refused: [] };
}

/** A list that shifts is read again; if only its `total_count` stays wrong, the list itself is accepted. */
export async function readRepositoryList(
  deps: SyncDependencies,
  installationId: number,
  begun?: BegunList,
): Promise<ListedIds> {
  let list = begun ?? (await beginRepositoryList(deps, installationId));
  let before = -1;
  for (let reading = 1; ; reading += 1) {
    const found = nothingListed();
    const { askedAt, pages } = list;
    try {
      for await (const { rows, unreadable } of pages) {
        const write = (tx: Sql) => writeRepositories(tx, installationId, rows, false, askedAt);
        found.refused.push(...(await writeReturningRefused(deps.orm, write)));
        for (const { owner_login } of rows) found.owners.add(owner_login);
        for (const { id } of [...rows, ...unreadable]) if (id !== null) found.listed.add(id);
        found.unreadable.push(...unreadable);
      }
      return found;
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'LIST_SHIFTED') throw error;
      if (found.listed.size === before || reading === READINGS) return found;
      before = found.listed.size;
      list = await beginRepositoryList(deps, installationId);
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
