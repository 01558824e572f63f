import { markRowsDeleted, writeRows, type StorableRow } from '../../db/rows/entity-rows.ts';
import type { Sql } from '../../db/orm.ts';
import { parentIds } from '../../db/rows/comment-counts.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { storableRows } from '../context/store-rows.ts';
import { parentTables, type CommentKind, type CommentRow } from './comment-kind.ts';

/**
 * Comments as GitHub shows them, as a function for the transaction. A comment whose parent is not live here is
 * left out: it follows with its parent, whose count reveals it.
 */
export async function prepareComments<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  rows: readonly Row[],
  date: string,
): Promise<(tx: Sql) => Promise<number>> {
  const storable = await storableRows(context, kind, rows, date);
  return async (tx) => {
    const { live } = await besideParents(tx, kind, context.repository.id, storable);
    return writeRows(tx, kind, live, context.mode === 'full');
  };
}

/**
 * Comments grouped by the state of their parents here; those of live ones with the parent's id, if the kind has
 * it.
 */
export async function besideParents<Row extends StorableRow & { number?: unknown }>(
  tx: Sql,
  kind: CommentKind,
  repositoryId: number,
  rows: readonly Row[],
): Promise<{ live: Row[]; without: Row[] }> {
  const fills = kind.parents.flatMap(({ fills: column }) => column ?? []);
  const numbers = [...new Set(rows.map(({ number }) => Number(number)))];
  const parents = await parentIds(tx, repositoryId, parentTables(kind), numbers);
  const live: Row[] = [];
  const without: Row[] = [];
  for (const row of rows) {
    const parent = parents.get(Number(row.number)) ?? null;
    if (parent === null) without.push(row);
    else live.push({ ...row, ...Object.fromEntries(fills.map((column) => [column, parent])) });
  }
  return { live, without };
}

/** Marks comments that GitHub does not have, according to its answer for each. */
export async function markComments(
  tx: Sql,
  kind: CommentKind,
  repositoryId: number,
  ids: readonly number[],
): Promise<number> {
  return (await markRowsDeleted(tx, kind, repositoryId, ids)).length;
}
