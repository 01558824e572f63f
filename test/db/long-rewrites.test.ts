import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import {
  moveHead,
  rewriteHistory,
  writeFirstHistory,
  type Rewrite,
} from '../../src/db/commits/rewrite-history.ts';
import { stageCommits } from '../../src/db/commits/write-commits.ts';
import { inTransaction, type Sql } from '../../src/db/orm.ts';
import { acquireLease, type RepositoryLease } from '../../src/db/repository-sync/repository-lease.ts';
import { commit } from '../support/random-histories.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
  await test.rows(`insert into contributors (github_id, type) values (1, 'User')`);
});
afterAll(() => test.close());

async function empty(): Promise<void> {
  await test.rows('truncate commits, repository_contributors, repository_totals');
  await test.rows('update repositories set head_sha = null');
}

async function live(): Promise<string[]> {
  const found = await test.rows<{ sha: string }>(
    'select sha from commits where orphaned_at is null order by sha',
  );
  return found.map(({ sha }) => sha).sort();
}

const commits = [commit([[], [0]], 0), commit([[], [0]], 1)];

interface LongWrite {
  name: string;
  staged: boolean;
  write: (tx: Sql) => Promise<Rewrite>;
}

/** Commits 0 and 1 become live in a transaction, whose long part is over when `meanwhile` is called. */
async function writeWhile(
  { staged, write }: LongWrite,
  meanwhile: (lease: RepositoryLease) => Promise<unknown>,
): Promise<void> {
  await empty();
  if (staged) await inTransaction(test.orm, (tx) => stageCommits(tx, commits));
  const lease = await acquireLease(test.orm, 1, 'test');
  if (lease === null) throw new Error('leased by another test');
  try {
    await lease.writeAfter(
      async (tx) => {
        const rewrite = await write(tx);
        await meanwhile(lease);
        return rewrite;
      },
      (tx, rewrite) => moveHead(tx, 1, 'c1', rewrite, false),
    );
  } finally {
    await lease.release();
  }
}

describe.each<LongWrite>([
  { name: 'is rewritten', staged: true, write: (tx) => rewriteHistory(tx, 1, 'c1', null, false) },
  { name: 'is written first', staged: false, write: (tx) => writeFirstHistory(tx, 1, commits) },
])('a history that takes long and $name', (way) => {
  it('blocks neither the queue nor other writes of the round until the head moves', async () => {
    const issue = `insert into issues (id, repository_id, number, title, state, created_at, updated_at)
      values (7, 1, 7, 't', 'open', now(), now())`;
    const live = `select (select count(*) from commits where orphaned_at is null) as rows, commits as counted, issues,
      head_sha from repository_totals join repositories on id = repository_id where id = 1`;
    await writeWhile(way, async (lease) => {
      await lease.write(async (tx) => {
        await sql`set local lock_timeout = '2s'`.execute(tx);
        await sql`${sql.raw(issue)}`.execute(tx);
        await sql`update repository_sync set wanted_at = now() where repository_id = 1`.execute(tx);
        await sql`update repositories set description = 'new' where id = 1`.execute(tx);
      });
      expect(await test.rows(live)).toEqual([{ rows: 0, counted: 0, issues: 1, head_sha: null }]);
    });
    expect(await test.rows(live)).toEqual([{ rows: 2, counted: 2, issues: 1, head_sha: 'c1' }]);
    await test.rows('delete from issues');
  });

  it('blocks merges of two people whose commits it may have changed', async () => {
    await empty();
    await writeWhile(way, async () => {
      await expect(
        test.rows('select 1 from repository_sync where repository_id = 1 for update nowait'),
      ).rejects.toThrow(/could not obtain lock/);
    });
  });

  it('is rolled back if another process took over the repository meanwhile', async () => {
    const lost = writeWhile(way, () =>
      test.rows(`update repository_sync set lease_token = gen_random_uuid() where repository_id = 1`),
    );
    await expect(lost).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await live()).toEqual([]);
    await test.rows('update repository_sync set lease_token = null, lease_owner = null, lease_until = null');
  });
});
