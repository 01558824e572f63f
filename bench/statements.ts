import { writeFile } from 'node:fs/promises';
import type { Pool } from 'pg';

/** What PostgreSQL needs so that it counts statements. */
export const STATEMENTS = ['shared_preload_libraries=pg_stat_statements', 'pg_stat_statements.track=top'];
const SHOWN = 80;

/** Counts from now on. */
export async function resetStatements(pool: Pool): Promise<void> {
  await pool.query('create extension if not exists pg_stat_statements');
  await pool.query('select pg_stat_statements_reset()');
}

/** Writes which statements took longest, all calls together. */
export async function writeStatements(pool: Pool, file: string): Promise<void> {
  const { rows } = await pool.query<{ ms: number; calls: string; rows: string; query: string }>(
    `select total_exec_time as ms, calls, rows, regexp_replace(query, '\\s+', ' ', 'g') as query
     from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
     order by total_exec_time desc limit ${SHOWN}`,
  );
  const lines = rows.map(
    ({ ms, calls, rows: touched, query }) =>
      `${ms.toFixed(0).padStart(7)} ms ${calls.padStart(7)} calls ${touched.padStart(8)} rows  ${query.slice(0, 300)}`,
  );
  await writeFile(file, `${lines.join('\n')}\n`);
}
