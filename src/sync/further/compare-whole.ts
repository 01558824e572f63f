import { markRowsDeleted, storedRows, unlistedKeys, type RowKey } from '../../db/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { Address, Entity, EntityRow } from '../../entities/entity.ts';
import { SyncError } from '../../errors.ts';
import type { Found } from '../../github/entity-api.ts';
import type { Unreadable } from '../../github/unreadable.ts';
import { oneByOne, resolveMissing } from '../resolve-missing.ts';
import { OutOfTime, type RepositoryWork } from '../repository-work.ts';
import { prepareWrite } from '../store-rows.ts';

/** A kind with an id whose list is always read to its end: labels, milestones, releases. */
export type WholeEntity = Entity<string, EntityRow & { id: number }>;

/**
 * Makes the rows of a kind equal to GitHub's list of it, and to its word on each that the list lacks.
 *
 * @returns why some of it could not be had, or null
 */
export async function compareWhole(work: RepositoryWork, entity: WholeEntity): Promise<SyncError | null> {
  const listed = new Set<number>();
  const unreadable: Unreadable[] = [];
  for await (const page of work.api.list(entity)) {
    if (page === null) break;
    const rows = [...new Map(page.rows.map((row) => [row.id, row])).values()];
    const write = await prepareWrite(work, entity, rows, page.date);
    await work.save(async (tx) => ({ [entity.name]: await write(tx) }));
    for (const { id } of rows) listed.add(id);
    for (const { id } of page.unreadable) if (id !== null) listed.add(id);
    unreadable.push(...page.unreadable);
  }
  const missing = await missingRows(work, entity, [...listed]);
  const error = await resolveMissing<EntityRow & { id: number }, Found<EntityRow & { id: number }>>(missing, {
    ask: oneByOne((row) => work.api.find(entity, addressOf(row))),
    settle: (said) => settle(work, entity, said),
    pause: () => {
      if (work.timeIsUp()) throw new OutOfTime();
    },
  });
  const [odd] = unreadable;
  return error ?? (odd === undefined ? null : new SyncError('GITHUB_BAD_ANSWER', odd.reason));
}

/** How GitHub is asked for the one that a row stands for. */
export function addressOf(row: EntityRow & { id: number }): Partial<Address> {
  const { id, number, name } = row;
  return {
    id,
    ...(typeof number === 'number' ? { number } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

async function missingRows(work: RepositoryWork, entity: WholeEntity, listed: readonly RowKey[]) {
  const db = sqlOf(work.orm);
  const { id } = work.repository;
  const stored = await storedRows(db, entity, id, await unlistedKeys(db, entity, id, listed));
  return [...stored.values()].map(({ row }) => row);
}

/** Writes those that are there after all, and marks those that GitHub does not have. */
async function settle(
  work: RepositoryWork,
  entity: WholeEntity,
  said: readonly (readonly [EntityRow & { id: number }, Found<EntityRow & { id: number }>])[],
): Promise<void> {
  const there: (EntityRow & { id: number })[] = [];
  const gone: number[] = [];
  let absent = false;
  let date = new Date().toISOString();
  for (const [{ id }, found] of said) {
    // Under its name there may be another by now: then GitHub does not have this one.
    if (found.state === 'found' && found.row.id === id) {
      there.push(found.row);
      ({ date } = found);
    } else if (found.state !== 'disabled') {
      gone.push(id);
      absent ||= found.state === 'absent';
    }
  }
  // A repository out of reach answers 404 to everything below it.
  if (absent) await assertInReach(work);
  const write = await prepareWrite(work, entity, there, date);
  await work.save(async (tx) => {
    const marked = await markRowsDeleted(tx, entity, work.repository.id, gone);
    return { [entity.name]: (await write(tx)) + marked.length };
  });
}

/** @throws SyncError NOT_FOUND when the repository itself is not to be seen */
async function assertInReach({ api, repository }: RepositoryWork): Promise<void> {
  const { state } = await api.repository();
  if (state !== 'found') throw new SyncError('NOT_FOUND', `${repository.full_name} is ${state}`);
}
