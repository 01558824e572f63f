import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createOrm, sqlOf, type Orm } from '../../src/db/orm.ts';
import { createPoolWatch, type PoolWatch } from '../../src/db/pool-watch.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const STUCK_MS = 1000;
const CONNECT_MS = 1500;

let database: TestDatabase;
let orm: Orm;
let watch: PoolWatch;

beforeAll(async () => {
  database = await createTestDatabase();
  watch = createPoolWatch(database.url, STUCK_MS);
  orm = createOrm({
    databaseUrl: database.url,
    poolSize: 1,
    name: 'test',
    connectMs: CONNECT_MS,
    onAcquire: watch.recordAcquired,
  });
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

it('reports a pool as stuck while none of its connections is returned', async () => {
  expect(await watch.isStuck(sqlOf(orm))).toBe(false);
  const em = orm.em.fork();
  await em.begin();
  // The question for a connection is given up after CONNECT_MS: longer than STUCK_MS.
  expect(await watch.isStuck(sqlOf(orm))).toBe(true);
  await em.rollback();
  expect(await watch.isStuck(sqlOf(orm))).toBe(false);
});

it('reports no pool as stuck whose connections are in use for a shorter time', async () => {
  const patient = createPoolWatch(database.url, 60_000);
  const em = orm.em.fork();
  await em.begin();
  expect(await patient.isStuck(sqlOf(orm))).toBe(false);
  await em.rollback();
});

it('reports no pool as stuck whose database is unavailable', async () => {
  const url = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
  const away = createPoolWatch(url, 0);
  const pool = createOrm({ databaseUrl: url, poolSize: 1, name: 'test', onAcquire: away.recordAcquired });
  expect(await away.isStuck(sqlOf(pool))).toBe(false);
  await pool.close(true);
});
