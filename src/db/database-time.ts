import { sql } from 'kysely';
import type { Sql } from './orm.ts';

/** The database's clock, which every process shares. */
export async function databaseTime(db: Sql): Promise<string> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(db);
  return rows[0]?.now ?? new Date().toISOString();
}
