import { sql } from 'kysely';
import { sqlOf, type Orm, type Sql } from '../../src/db/orm.ts';
import { createTestDatabase, createTestOrm } from './database.ts';

export interface TestRows {
  orm: Orm;
  db: Sql;
  rows<Row>(statement: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** A database with installation 1 and its repositories 1, 2 and 3, otherwise empty. */
export async function openTestRows(): Promise<TestRows> {
  const database = await createTestDatabase();
  const orm = createTestOrm(database.url, 6);
  const db = sqlOf(orm);
  async function rows<Row>(statement: string): Promise<Row[]> {
    return (await sql<Row>`${sql.raw(statement)}`.execute(db)).rows;
  }
  await rows(`insert into installations
    (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
    values (1, 1, 'acme', 'Organization', 'all', '{}', '[]', now())`);
  await rows(`insert into repositories
    (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
     default_branch, created_at, updated_at)
    select n, 'R_' || n, 1, 'acme', 'r' || n, 'acme/r' || n, false, 'public', false, false, false, 'main', now(), now()
    from generate_series(1, 3) n`);
  await rows('insert into repository_sync (repository_id) select id from repositories');
  return {
    orm,
    db,
    rows,
    close: async () => {
      await orm.close(true);
      await database.drop();
    },
  };
}
