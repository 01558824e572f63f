import type { Sql } from '../../db/orm.ts';
import { parentIds } from '../../db/rows/comment-counts.ts';
import { writeRows, type StorableRow } from '../../db/rows/entity-rows.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { storableRows } from '../context/store-rows.ts';
import { deniedParents, parentTables, type CommentKind, type CommentRow } from './comment-kind.ts';

/**
 * Comments as GitHub shows them, as a function for the transaction. A comment whose parent is not live here is
 * left out: it follows with its parent, whose count reveals it. Where the App may not read one of the kinds of
 * parents, a comment of an unknown number belongs to one of that kind, which will not follow.
 */
export async function prepareComments<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  rows: readonly Row[],
  date: string,
): Promise<(tx: Sql) => Promise<number>> {
  const storable = await storableRows(context, kind, rows, date);
  return async (tx) => {
    const { live } = await besideParents(tx, context, kind, storable);
    return writeRows(tx, kind, live, context.mode === 'full');
  };
}

/**
 * Comments whose parents are live here, with the parent's id if the kind has it; and the numbers of the other
 * parents.
 */
export async function besideParents<Row extends StorableRow & { number?: unknown }>(
  tx: Sql,
  { repository, may }: RepositoryFacts,
  kind: CommentKind,
  rows: readonly Row[],
): Promise<{ live: Row[]; without: number[] }> {
  const fills = kind.parents.flatMap(({ fills: column }) => column ?? []);
  const numbers = [...new Set(rows.map(({ number }) => Number(number)))];
  const parents = await parentIds(tx, repository.id, parentTables(kind), numbers);
  const isAlone = deniedParents(kind, may).length > 0;
  const live: Row[] = [];
  const without: number[] = [];
  for (const row of rows) {
    const parent = parents.get(Number(row.number));
    if (parent === undefined && isAlone) live.push(row);
    else if (parent === undefined || parent === null) without.push(Number(row.number));
    else live.push({ ...row, ...Object.fromEntries(fills.map((column) => [column, parent])) });
  }
  return { live, without };
}
