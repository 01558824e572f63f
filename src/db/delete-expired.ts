import { sql } from 'kysely';
import type { Sql } from './orm.ts';

/** Rows per statement: even with their payloads far below what a statement may take. */
const BATCH = 500;

/** Which rows of a table expire, by an index on the time, oldest first. */
export interface ExpiringTable {
  table: string;
  key: string;
  time: string;
  /** which of its rows are finished, as SQL */
  ended: string;
}

/**
 * Deletes one batch of finished rows older than `keepMs`. Rows locked by another process, which applies them
 * again or deletes them too, are skipped.
 *
 * @returns how many were deleted, and whether there may be more
 */
export async function deleteExpired(
  db: Sql,
  { table, key, time, ended }: ExpiringTable,
  keepMs: number,
  batch = BATCH,
): Promise<{ deleted: number; more: boolean }> {
  const { numAffectedRows } = await sql`
    with old as (
      select ${sql.raw(key)} from ${sql.raw(table)}
      where ${sql.raw(time)} < now() - ${keepMs}::float8 * interval '1 millisecond' and ${sql.raw(ended)}
      order by ${sql.raw(time)} limit ${batch} for update skip locked)
    delete from ${sql.raw(table)} d using old where d.${sql.raw(key)} = old.${sql.raw(key)}`.execute(db);
  const deleted = Number(numAffectedRows ?? 0n);
  return { deleted, more: deleted === batch };
}
