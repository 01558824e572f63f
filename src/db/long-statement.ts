import { sql } from 'kysely';
import { allowStatementMs } from './allowed-statement-time.ts';
import type { Sql } from './orm.ts';

/**
 * For a statement whose work grows with a whole repository: a million commits took 40 s to become live here. An
 * activity gets ten minutes (`startToCloseTimeout`); the statement ends before it.
 */
const LONG_STATEMENT_MS = 9 * 60_000;

/** Runs statements of one transaction that may take minutes; all others end after seconds (`orm.ts`). */
export async function allowLongStatements<T>(tx: Sql, work: () => Promise<T>): Promise<T> {
  await sql`select set_config('statement_timeout', ${String(LONG_STATEMENT_MS)}, true)`.execute(tx);
  return allowStatementMs(LONG_STATEMENT_MS + 10_000, work);
}
