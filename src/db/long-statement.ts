import { sql } from 'kysely';
import { allowStatementMs } from './allowed-statement-time.ts';
import type { Sql } from './orm.ts';

/**
 * For a statement whose work grows with a whole repository: making a million commits live took 40 s here. An
 * activity gets ten minutes (`startToCloseTimeout`); the statement ends before that.
 */
const LONG_STATEMENT_MS = 9 * 60_000;

/** Runs a transaction whose statements may take minutes; all others are limited to seconds (`orm.ts`). */
export async function allowLongStatements<T>(tx: Sql, work: () => Promise<T>): Promise<T> {
  await sql`select set_config('statement_timeout', ${String(LONG_STATEMENT_MS)}, true)`.execute(tx);
  return allowStatementMs(LONG_STATEMENT_MS + 10_000, work);
}
