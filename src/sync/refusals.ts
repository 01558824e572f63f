import { inTransaction, type Orm, type Sql } from '../db/orm.ts';
import { refusedIn, type RefusedRow } from '../db/rows/upsert-rows.ts';
import { SyncError } from '../errors.ts';

/** The error for rows that PostgreSQL rejected; null if it stored all. */
export function refusalOf(rows: readonly RefusedRow[]): SyncError | null {
  const [first] = rows;
  if (first === undefined) return null;
  const { table, key, state } = first;
  return new SyncError('ROW_REFUSED', `${rows.length} left out, the first ${table} ${key}: ${state}`);
}

/**
 * A transaction outside a repository's round, which would itself report what was left out.
 *
 * @returns the rows that PostgreSQL rejected: the caller reports them
 */
export function writeReturningRefused(
  orm: Orm,
  write: (tx: Sql) => Promise<unknown>,
): Promise<readonly RefusedRow[]> {
  return inTransaction(orm, async (tx) => {
    await write(tx);
    return refusedIn(tx);
  });
}
