import { sql } from 'kysely';
import type { Orm } from './orm.ts';
import { sqlOf } from './orm.ts';

const PRIVILEGES = ['select', 'insert', 'update', 'delete'];

/**
 * Which of the mirror's tables are missing, and which privileges on them this session's role lacks, one text each:
 * `no table issues`, `no privilege to update issues`. None on a complete schema.
 */
export async function tableFaults(orm: Orm): Promise<string[]> {
  const names = [...orm.getMetadata().getAll().values()].map(({ tableName }) => tableName);
  const { rows } = await sql<{ fault: string }>`
    select case when id is null then 'no table ' || name else 'no privilege to ' || privilege || ' ' || name end as fault
    from (select name, to_regclass(quote_ident(name)) as id from unnest(${names}::text[]) name) tables,
      unnest(${PRIVILEGES}::text[]) privilege
    where case when id is null then privilege = 'select' else not has_table_privilege(id, privilege) end
    order by name, privilege`.execute(sqlOf(orm));
  return rows.map(({ fault }) => fault);
}
