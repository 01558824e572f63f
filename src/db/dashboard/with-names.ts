import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

interface Pointing {
  repository_id: number | null;
  installation_id: number | null;
}

/** Rows that refer to repositories and installations, with their names; null if they are not mirrored. */
export async function withNames<T extends Pointing>(
  db: Sql,
  pointing: readonly T[],
): Promise<(T & { repository: string | null; account: string | null })[]> {
  const repositoryIds = pointing.flatMap(({ repository_id: id }) => (id === null ? [] : [id]));
  const installationIds = pointing.flatMap(({ installation_id: id }) => (id === null ? [] : [id]));
  const { rows } = await sql<{ kind: string; id: number; name: string }>`
    select 'repository' as kind, id, full_name as name from repositories where id = any(${repositoryIds}::bigint[])
    union all
    select 'account', id, account_login from installations where id = any(${installationIds}::bigint[])`.execute(
    db,
  );
  const names = new Map(rows.map(({ kind, id, name }) => [`${kind}/${id}`, name]));
  return pointing.map((one) => ({
    ...one,
    repository: names.get(`repository/${one.repository_id}`) ?? null,
    account: names.get(`account/${one.installation_id}`) ?? null,
  }));
}
