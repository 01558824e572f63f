import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import {
  markInstallationDeleted,
  writeInstallations,
} from '../../src/db/installations/write-installations.ts';
import { inTransaction } from '../../src/db/orm.ts';
import {
  enqueueRepositories,
  enqueueVerification,
} from '../../src/db/repository-sync/enqueue-repositories.ts';
import { leaseRepositories } from '../../src/db/repository-sync/lease-repositories.ts';
import { acquireLease } from '../../src/db/repository-sync/repository-lease.ts';
import {
  finishComparison,
  forgetImported,
  queueMissingKinds,
} from '../../src/db/repository-sync/repository-progress.ts';
import { saveWideProbes } from '../../src/db/repository-sync/wide-probes.ts';
import {
  markRepositoriesRemoved,
  writeRepositories,
} from '../../src/db/repository-sync/write-repositories.ts';
import type { InstallationRow } from '../../src/model.ts';
import { repositoryRow } from '../support/repository-row.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;
beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

/** Resolves once some session waits for a lock, or rejects after three seconds. */
async function somebodyWaits(): Promise<void> {
  for (const until = Date.now() + 3000; Date.now() < until;) {
    const waiting = await test.rows(`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`);
    if (waiting.length > 0) return;
    await sleep(10);
  }
  throw new Error('nobody waits for a lock');
}

const time = '2026-01-01T00:00:00.000Z';
const installation: InstallationRow = {
  id: 1,
  account_id: 1,
  account_login: 'acme',
  account_type: 'Organization',
  repository_selection: 'all',
  permissions: {},
  events: [],
  suspended_at: time,
  created_at: time,
};

const listed = (id: number) =>
  repositoryRow(id, { default_branch: 'renamed', updated_at: '2030-01-01T00:00:00.000Z' });

/** Every statement that writes several rows, with them in the order that is hardest for it. */
const writers: Record<string, { table: 'repositories' | 'repository_sync'; write: () => Promise<unknown> }> =
  {
    enqueueRepositories: {
      table: 'repository_sync',
      write: () =>
        enqueueRepositories(
          test.db,
          [3, 2, 1].map((id) => ({ id, probe: null })),
          'incremental',
        ),
    },
    enqueueVerification: { table: 'repository_sync', write: () => enqueueVerification(test.db, 1, 0) },
    queueMissingKinds: {
      table: 'repository_sync',
      write: () => queueMissingKinds(test.db, 1, { labels: 1 }),
    },
    forgetImported: { table: 'repository_sync', write: () => forgetImported(test.db, 1, ['tags']) },
    saveWideProbes: {
      table: 'repository_sync',
      write: () =>
        saveWideProbes(test.db, new Map([3, 2, 1].map((id) => [id, { asked_at: time, signs: {} }]))),
    },
    'writeRepositories, whose damage a verification counts': {
      table: 'repository_sync',
      write: () => inTransaction(test.orm, (tx) => writeRepositories(tx, 1, [3, 2, 1].map(listed), true)),
    },
    markRepositoriesRemoved: {
      table: 'repository_sync',
      write: () => inTransaction(test.orm, (tx) => markRepositoriesRemoved(tx, 1, [3, 2, 1], 'deleted')),
    },
    markInstallationDeleted: {
      table: 'repository_sync',
      write: () => inTransaction(test.orm, (tx) => markInstallationDeleted(tx, 1)),
    },
    'writeInstallations, of a suspended one': {
      table: 'repositories',
      write: () =>
        inTransaction(test.orm, (tx) => writeInstallations(tx, [installation], new Date().toISOString())),
    },
  };

describe('locks several rows by id, as everybody does', () => {
  it.each(Object.keys(writers))('%s', async (name) => {
    const { table, write } = writers[name] ?? { table: 'repositories', write: () => Promise.resolve() };
    const key = table === 'repositories' ? 'id' : 'repository_id';
    await test.rows(`update repositories set last_synced_at = now(), updated_at = '2030-01-01'`);
    await test.rows(`update repository_sync set imported = '{"tags": 1}',
      wanted_mode = case when '${name}' like 'writeRepositories%' then 'everything' end`);
    // From now on the first row is the last that a scan of the table meets.
    await test.rows(`update ${table} set ${key} = ${key} where ${key} = 1`);
    let writing: Promise<unknown> | undefined;
    await inTransaction(test.orm, async (tx) => {
      await sql`select 1 from ${sql.table(table)} where ${sql.ref(key)} = 1 for no key update`.execute(tx);
      writing = write();
      await somebodyWaits();
      await sql`select 1 from ${sql.table(table)} where ${sql.ref(key)} = 3 for no key update`.execute(tx);
    });
    await expect(writing).resolves.not.toThrow();
  });
});

describe('the lease of several repositories', () => {
  it('is released by id as well', async () => {
    const { ids, lease } = await leaseRepositories(test.orm, [1, 2, 3], 'somebody');
    expect(ids).toHaveLength(3);
    // From now on the first row is the last that a scan of the table meets.
    await test.rows('update repository_sync set repository_id = repository_id where repository_id = 1');
    await test.rows('analyze repository_sync');
    let releasing: Promise<unknown> | undefined;
    await inTransaction(test.orm, async (tx) => {
      await sql`select 1 from repository_sync where repository_id = 1 for no key update`.execute(tx);
      releasing = lease.release();
      await somebodyWaits();
      await sql`select 1 from repository_sync where repository_id = 3 for no key update`.execute(tx);
    });
    await expect(releasing).resolves.toBeUndefined();
    expect(await test.rows('select 1 from repository_sync where lease_token is not null')).toEqual([]);
  });
});

describe('a repository that is being written', () => {
  it.each([
    ['is removed', () => inTransaction(test.orm, (tx) => markRepositoriesRemoved(tx, 1, [1], 'deleted'))],
    ['is uninstalled', () => inTransaction(test.orm, (tx) => markInstallationDeleted(tx, 1))],
  ])('%s after that', async (_what, remove) => {
    const lease = await acquireLease(test.orm, 1, 'somebody');
    let removing: Promise<unknown> | undefined;
    await lease?.write(async (tx) => {
      removing = remove();
      await somebodyWaits();
      await finishComparison(tx, {
        repositoryId: 1,
        applied: null,
        error: null,
        queuedAt: null,
        verified: null,
      });
    });
    await removing;
    await lease?.release();
    expect(
      await test.rows(`select removed_at is not null as removed, last_synced_at is not null as compared
        from repositories where id = 1`),
    ).toEqual([{ removed: true, compared: true }]);
  });
});
