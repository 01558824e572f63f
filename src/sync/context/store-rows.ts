import type { Account } from '../../model.ts';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import { withoutDeletedReferences, writeRows, type StorableRow } from '../../db/rows/entity-rows.ts';
import type { Sql } from '../../db/orm.ts';
import type { RepositoryFacts } from './repository-facts.ts';
import type { RepositoryWriter } from './repository-writer.ts';
import { resolveAccounts } from '../contributors/resolve-authors.ts';

/**
 * Rows of a kind with their authors as contributors, ready to be written.
 *
 * @param date when GitHub answered with them
 */
export async function storableRows<Row extends EntityRow>(
  context: RepositoryFacts & RepositoryWriter,
  entity: Entity<string, Row>,
  rows: readonly Row[],
  date: string,
): Promise<StorableRow[]> {
  if (!entity.authored) return rowsOf(entity, context.repository.id, rows, new Map());
  const authors = rows.map((row): Account | null => row.author ?? null);
  const ids = await resolveAccounts(context.orm, authors, date, context.refused);
  return rowsOf(entity, context.repository.id, rows, ids);
}

/** @param contributors our ids of the rows' authors, by GitHub's */
export function rowsOf<Row extends EntityRow>(
  entity: Entity<string, Row>,
  repository_id: number,
  rows: readonly Row[],
  contributors: ReadonlyMap<number, number>,
): StorableRow[] {
  // Objects that GitHub shows within a row (`parts`) are stored as rows of their own kind.
  return rows.map(({ author, parts: _parts, ...row }): StorableRow => {
    const storable: StorableRow = { ...row, repository_id };
    if (!entity.authored) return storable;
    const id = author === null || author === undefined ? undefined : contributors.get(author.github_id);
    return { ...storable, author_id: id ?? null };
  });
}

/**
 * Like `storableRows`, as a function for the transaction; in a full comparison even newer rows are overwritten. Otherwise
 * references to deleted rows are left out: deleting a milestone moves no clock, so an answer of before, from a replica that
 * lags behind, cannot be told from a current one.
 */
export async function prepareWrite<Row extends EntityRow>(
  context: RepositoryFacts & RepositoryWriter,
  entity: Entity<string, Row>,
  rows: readonly Row[],
  date: string,
): Promise<(tx: Sql) => Promise<number>> {
  const storable = await storableRows(context, entity, rows, date);
  if (context.mode === 'full') return (tx) => writeRows(tx, entity, storable, true);
  return async (tx) => writeRows(tx, entity, await withoutDeletedReferences(tx, entity, storable));
}
