import { sqlOf } from '../../db/orm.ts';
import { countInRow } from '../../db/rows/comment-counts.ts';
import { countedKinds } from '../../entities/index.ts';
import { isReadable } from '../context/readable.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { refetchNumbers } from '../listings/refetch-numbers.ts';
import type { CommentKind } from './comment-kind.ts';

/**
 * Requests an issue or pull request whose row counts other comments than its list has shown. The row may be the older of
 * the two: GitHub's count lags a deletion by seconds (neomjs/neo#10092), which moves no clock (octokit.js#900), so that
 * no list of changes would ever show the right one.
 *
 * @param counted the count that its list was compared with
 * @returns GitHub's count now; `counted` if no row contains that
 */
export async function refetchCount(
  context: RepositoryContext,
  { parents }: CommentKind,
  { number, counted }: { number: number; counted: number },
): Promise<number> {
  const db = sqlOf(context.orm);
  const { id } = context.repository;
  for (const { entity: table, countColumn: column } of parents) {
    const parent = countedKinds.find(({ name }) => name === table);
    if (parent === undefined || column === undefined || !isReadable(context, table)) continue;
    if ((await countInRow(db, { table, column }, id, number)) !== counted) continue;
    await refetchNumbers(context, parent, [number]);
    return (await countInRow(db, { table, column }, id, number)) ?? counted;
  }
  return counted;
}
