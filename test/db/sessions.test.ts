import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createOrm, inTransaction, sqlOf, type Orm } from '../../src/db/orm.ts';
import { learnIdentities } from '../../src/db/contributors/identities.ts';
import { acquireLease, type RepositoryLease } from '../../src/db/repository-sync/repository-lease.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createRelay, type Relay } from '../support/relay.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

/** A write of the lease that stays open until told to end. */
function holdWrite(lease: RepositoryLease | null): { opened: Promise<void>; end: () => Promise<void> } {
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const written = lease?.write(() => {
    opened.resolve();
    return ended.promise;
  });
  return {
    opened: opened.promise,
    end: async () => {
      ended.resolve();
      await written;
      await lease?.release();
    },
  };
}

describe('a repository that is being written', () => {
  let test: TestRows;

  beforeEach(async () => {
    test = await openTestRows();
  });
  afterEach(() => test.close());

  it('refuses its lease at once, even after it expired, and grants it once the write ends', async () => {
    const lease = await acquireLease(test.orm, 1, 'one', 10);
    await test.rows(`update repository_sync set lease_until = now() - interval '1 minute'`);
    const write = holdWrite(lease);
    await write.opened;
    for (let tries = 0; tries < 10; tries += 1) expect(await acquireLease(test.orm, 1, 'two')).toBeNull();
    // Other databases of this server are other tests'.
    const waiting = `select query from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`;
    expect(await test.rows(waiting)).toEqual([]);
    // The write is the proof of life.
    await write.end();
    const next = await acquireLease(test.orm, 1, 'two');
    expect(next).not.toBeNull();
    await next?.release();
  });

  it('delays no contributors of other repositories, and its own until it is written', async () => {
    const ann = { github_id: 11, login: 'ann', type: 'User', avatar_url: null } as const;
    const asOf = '2026-01-01T00:00:00.000Z';
    const anonymous = [{ email: 'ann@example.com', name: null }];
    await learnIdentities(test.orm, { accounts: [], asOf, emails: [], anonymous });
    await test.rows(`insert into commits (repository_id, sha, message, parents, author_id)
      select 2, 'a', 'm', '{}', id from contributors`);

    const write = holdWrite(await acquireLease(test.orm, 2, 'one'));
    await write.opened;
    const emails = [{ email: 'ann@example.com', githubId: 11, name: null }];
    const joined = learnIdentities(test.orm, { accounts: [ann], asOf, emails, anonymous: [] });
    // Twice as many as there are connections.
    const others = Array.from({ length: 12 }, (_one, at) => ({ ...ann, github_id: 100 + at }));
    await Promise.all(
      others.map((other) =>
        learnIdentities(test.orm, { accounts: [other], asOf, emails: [], anonymous: [] }),
      ),
    );
    expect(await test.rows('select count(*)::int as n from contributors where github_id > 99')).toEqual([
      { n: 12 },
    ]);
    await write.end();
    await joined;
    expect(
      await test.rows('select k.github_id from commits c join contributors k on k.id = c.author_id'),
    ).toEqual([{ github_id: 11 }]);
  });
});

function ask(orm: Orm): Promise<unknown> {
  return sql`select 1`.execute(sqlOf(orm));
}

describe('a session', () => {
  let database: TestDatabase;
  let relay: Relay;
  let orm: Orm;

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = new URL(database.url);
    const port = Number(url.port);
    relay = await createRelay(() => [port]);
    url.port = String(relay.port);
    orm = createOrm({ databaseUrl: url.href, poolSize: 8, name: 'test', statementMs: 300 });
  });
  afterAll(async () => {
    await relay.close();
    await orm.close(true);
    await database.drop();
  });

  it('ends statements and lock waits that take too long, and notices a lost peer', async () => {
    const { rows } = await sql<{ name: string; setting: string }>`select name, setting from pg_settings
      where source = 'session' order by name`.execute(sqlOf(orm));
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toMatchObject({
      client_connection_check_interval: '5000',
      idle_in_transaction_session_timeout: '20000',
      lock_timeout: '150',
      statement_timeout: '300',
      tcp_keepalives_idle: '10',
    });
    await expect(sql`select pg_sleep(5)`.execute(sqlOf(orm))).rejects.toMatchObject({ code: '57014' });
  });

  it('is closed once it falls silent, together with all older ones', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ask(orm)));
    relay.silence();
    await expect(ask(orm)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    relay.restore();
    await Promise.all(Array.from({ length: 8 }, () => ask(orm)));
  });

  it('returns its place in the pool if it is lost within a transaction', async () => {
    for (let time = 0; time < 9; time += 1) {
      const losing = inTransaction(orm, async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(sqlOf(orm));
        await sql`select 1`.execute(tx);
      });
      await expect(losing).rejects.toThrow(/terminat|not queryable/i);
    }
    await Promise.all(Array.from({ length: 8 }, () => ask(orm)));
  });

  it('runs nothing of a transaction behind its rollback', async () => {
    const failing = inTransaction(orm, (tx) =>
      Promise.all([
        sql`select 1 / 0`.execute(tx),
        sql`insert into system_state (name, value) values ('beside', '{}')`.execute(tx),
      ]),
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    await ask(orm);
    const { rows } = await sql`select from system_state where name = 'beside'`.execute(sqlOf(orm));
    expect(rows).toEqual([]);
  });
});
