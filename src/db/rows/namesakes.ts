import { sql, type RawBuilder } from 'kysely';
import type { Entity } from '../../entities/entity.ts';
import type { Sql } from '../orm.ts';

/** So much of a value is in the index of migration v1-0071: its row is bounded, a title is not. */
const INDEXED = 100;

/**
 * Which of these values of the kind's unique column another live row of the repository has as well, case ignored.
 *
 * @param except the ids of rows that do not count
 */
export async function valuesOfOthers(
  db: Sql,
  { name, unique }: Entity,
  repositoryId: number,
  values: readonly string[],
  except: readonly number[],
): Promise<Set<string>> {
  if (unique === null || values.length === 0) return new Set();
  const column = sql`t.${sql.ref(unique)}`;
  const { rows } = await sql<{ value: string }>`
    select asked.value from unnest(${values}::text[]) asked(value)
    -- The limit keeps it one look-up for each: as a join it would go through all of the repository's.
    cross join lateral (
      select from ${sql.table(name)} t
      where t.repository_id = ${repositoryId} and t.deleted_at is null
        and ${indexed(column)} = ${indexed(sql`asked.value`)} and lower(${column}) = lower(asked.value)
        and not t.id = any(${except}::bigint[]) limit 1) other`.execute(db);
  return new Set(rows.map(({ value }) => value));
}

function indexed(text: RawBuilder<unknown>) {
  return sql`left(lower(${text}), ${sql.lit(INDEXED)})`;
}
