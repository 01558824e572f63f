import { sql } from 'kysely';
import type { RowCounts } from '../../model.ts';
import type { Sql } from '../orm.ts';

/** The checkpoint of a full comparison in `repository_sync.walks`. */
export const DRIFT = 'drift';

/**
 * Adds to the rows that a full comparison repaired, in the transaction that repairs them: however many rounds
 * it takes and wherever one is interrupted, each row counts once.
 */
export async function addDrift(tx: Sql, repositoryId: number, healed: RowCounts): Promise<void> {
  const counts = Object.fromEntries(Object.entries(healed).filter(([, count]) => count > 0));
  if (Object.keys(counts).length === 0) return;
  await sql`update repository_sync set walks = ${withHealed(sql`${JSON.stringify(counts)}::jsonb`)}
    where repository_id = ${repositoryId}`.execute(tx);
}

/**
 * `walks` with these counts, a `jsonb` by table, added to its checkpoint, which is created if it is missing.
 */
export function withHealed(counts: ReturnType<typeof sql>) {
  const known = sql`coalesce(walks -> ${DRIFT}::text, '{}')`;
  return sql`jsonb_set(walks, array[${DRIFT}::text], jsonb_build_object(
      'url', '', 'target', '', 'began_at', coalesce(${known} -> 'began_at', to_jsonb(clock_timestamp())),
      'healed', (select coalesce(jsonb_object_agg(name, total), '{}') from (
        select name, sum(n::bigint) as total
        from (select * from jsonb_each_text(coalesce(${known} -> 'healed', '{}'))
          union all select * from jsonb_each_text(${counts})) as t(name, n)
        group by name) as sums)))`;
}

/**
 * Creates the checkpoint of a full comparison, or continues it. Returns when it began, by the database's clock.
 */
export async function beginDrift(tx: Sql, repositoryId: number): Promise<string> {
  const { rows } = await sql<{ began_at: string }>`
    update repository_sync set walks = ${withHealed(sql`'{}'::jsonb`)}
    where repository_id = ${repositoryId} returning walks -> ${DRIFT}::text ->> 'began_at' as began_at`.execute(
    tx,
  );
  return rows[0]?.began_at ?? new Date().toISOString();
}
