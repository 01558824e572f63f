import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { migrationsList } from '../../src/db/migrations/index.ts';
import { createOrm, sqlOf } from '../../src/db/orm.ts';
import { createLogger } from '../../src/logger.ts';
import { createTestDatabase } from '../support/database.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

/** What the migrations do from that one on, and whether each does it in one transaction. */
function statementsFrom(first: string): { query: string; inOne: boolean }[] {
  return migrationsList
    .slice(migrationsList.findIndex(({ name }) => name === first))
    .flatMap(({ class: Class }) => {
      const migration = new Class(test.orm.em.getDriver(), test.orm.config);
      migration.up();
      return migration.getQueries().map((query) => ({
        query: typeof query === 'string' ? query : '',
        inOne: migration.isTransactional(),
      }));
    });
}

describe('migrations of a mirror that is full', () => {
  /** Full of accounts at most: an index of a million of them takes a third of a second. */
  const smaller = ['contributors'];

  it('rename and drop nothing that processes of the previous release use', () => {
    const statements = statementsFrom('v1-0001-tables').map(({ query }) => query);
    expect(statements.filter((query) => /create table repository_sync /.test(query))).toHaveLength(1);
    expect(
      statements.filter(
        (query) =>
          /\brename (column|constraint|to)\b|\bdrop (column|table|view)\b/i.test(query) &&
          !query.startsWith('alter index'),
      ),
    ).toEqual([]);
  });

  it('build indexes while their tables are written', async () => {
    const statements = statementsFrom('v1-0013-worked-deliveries');
    const made = statements.flatMap(({ query }) =>
      [...query.matchAll(/create table (\w+)/g)].map(([, table]) => table),
    );
    for (const { query, inOne } of statements) {
      for (const [statement, concurrently, table = ''] of query.matchAll(
        /create (?:unique )?index (concurrently )?\w+ on (\w+)/g,
      )) {
        const isFull = !made.includes(table) && !smaller.includes(table);
        expect({ statement, concurrently: isFull && concurrently !== undefined && !inOne }).toEqual({
          statement,
          concurrently: isFull,
        });
      }
    }
    expect(statements.filter(({ query }) => query.includes('concurrently'))).not.toEqual([]);
  });
});

/** A pull request whose author, and then somebody whose account is gone, reviewed it before first reviews were kept. */
const REVIEWED = `
  insert into contributors (type) values ('User');
  insert into repositories (id, node_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
      default_branch, created_at, updated_at)
    values (1, 'R', 'acme', 'r', 'acme/r', false, 'public', false, false, false, 'main', now(), now());
  insert into pull_requests (id, repository_id, number, title, state, author_id, head_ref, head_sha, base_ref, created_at,
      updated_at)
    select 5, 1, 1, 't', 'open', id, 'h', 's', 'main', now(), now() from contributors;
  insert into pull_request_reviews (id, repository_id, pull_request_id, number, state, author_id, submitted_at)
    select p.id + n, 1, p.id, 1, 'COMMENTED', case n when 1 then author_id end, created_at + n * interval '1 hour'
    from pull_requests p cross join generate_series(1, 2) n;
`;

describe('a migration of a table that is in use', () => {
  it('lets other sessions proceed, is tried again, and includes existing rows', async () => {
    const database = await createTestDatabase('template0');
    const orm = createOrm({ databaseUrl: database.url, poolSize: 4, name: 'test' });
    const reader = sqlOf(orm);
    const holder = new Client({ connectionString: database.url });
    try {
      await orm.migrator.up({ to: 'v1-0018-comment-counts' });
      await sql.raw(REVIEWED).execute(reader);
      await holder.connect();
      await holder.query('begin; select from repository_sync');
      const migrating = migrate(database.url, createLogger('migrate', 'silent'));
      for (let waiting = 0; waiting === 0;) {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_locks
          where not granted and relation = 'repository_sync'::regclass`.execute(reader);
        waiting = rows[0]?.n ?? 0;
      }
      // It stands behind the migration, which stands behind that transaction.
      await sql`select from repository_sync`.execute(reader);
      await holder.query('commit');
      await migrating;
      await sql`select unread from repository_sync`.execute(reader);
      const { rows } =
        await sql`select pull_request_id, hours_to_first_review from pull_request_metrics`.execute(reader);
      expect(rows).toEqual([{ pull_request_id: 5, hours_to_first_review: 2 }]);
    } finally {
      await holder.end();
      await orm.close(true);
      await database.drop();
    }
  });
});
