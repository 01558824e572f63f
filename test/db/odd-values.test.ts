import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeError } from '../../src/activities/failure.ts';
import { inTransaction, type Sql } from '../../src/db/orm.ts';
import { countDue, finishDeliveries, pendingDeliveries } from '../../src/db/deliveries/pending-deliveries.ts';
import { countRound } from '../../src/db/repository-sync/repository-progress.ts';
import { refusedIn } from '../../src/db/rows/upsert-rows.ts';
import { addLiveCommits } from '../../src/db/commits/write-commits.ts';
import { writeRows } from '../../src/db/rows/entity-rows.ts';
import { issues } from '../../src/entities/issues.ts';
import type { CommitRow } from '../../src/model.ts';
import { faultOf } from '../../src/sync/fault.ts';
import { resolveAuthors } from '../../src/sync/contributors/resolve-authors.ts';
import { issueRow } from './issue-row.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

const time = '2026-01-01T00:00:00.000Z';

async function transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
  return inTransaction(test.orm, work);
}

function commit(sha: string, more: Partial<CommitRow> = {}): CommitRow {
  return {
    sha,
    message: '',
    author_name: null,
    author_email: null,
    committer_name: null,
    committer_email: null,
    authored_at: time,
    committed_at: time,
    parents: [],
    author: null,
    ...more,
  };
}

describe('a value that PostgreSQL cannot store', () => {
  it('is no error if a row is given twice: the later version is written', async () => {
    const shown = [issueRow(1, { title: 'before' }), issueRow(2), issueRow(1, { title: 'after' })];
    await transaction(async (tx) => {
      expect(await writeRows(tx, issues, shown)).toBe(2);
      expect(refusedIn(tx)).toEqual([]);
    });
    expect(await test.rows('select id, title from issues order by id')).toMatchObject([
      { id: 1, title: 'after' },
      { id: 2 },
    ]);
    const commits = ['a', 'b', 'a'].map((sha) => ({ ...commit(sha), repository_id: 1, author_id: null }));
    await transaction((tx) => addLiveCommits(tx, commits));
    expect(await test.rows('select sha from commits order by sha')).toEqual([{ sha: 'a' }, { sha: 'b' }]);
  });

  it('excludes only its own row, and reports it', async () => {
    const rows = Array.from({ length: 9 }, (_one, at) => issueRow(at + 1));
    const odd = [
      issueRow(3, { comments_count: 2 ** 40 }),
      issueRow(8, { state: 'ajar' }),
      { ...issueRow(9), title: null },
    ];
    const given = rows.map((row) => odd.find(({ id }) => id === row.id) ?? row);
    const refused = await transaction(async (tx) => {
      expect(await writeRows(tx, issues, given)).toBe(6);
      return refusedIn(tx);
    });
    expect(refused).toEqual([
      { table: 'issues', key: '3', state: '22003' },
      { table: 'issues', key: '8', state: '23514 (issues_state_check)' },
      { table: 'issues', key: '9', state: '23502' },
    ]);
    expect(
      (await test.rows<{ id: number }>('select id from issues order by id')).map(({ id }) => id),
    ).toEqual([1, 2, 4, 5, 6, 7]);
  });

  it('is never quoted, and not reported as a failure of the database', async () => {
    const error: unknown = await test
      .rows(`select 'a secret'::int`)
      .then(() => null)
      .catch((caught: unknown) => caught);
    expect(describeError(error)).toEqual({ code: 'UNKNOWN', message: 'PostgreSQL refused it: 22P02' });
    expect(faultOf(error)).toBe('repository');
    expect(faultOf(Object.assign(new Error('gone'), { code: '57P01' }))).toBe('database');
    expect(faultOf(Object.assign(new Error('slow'), { code: '57014' }))).toBe('repository');
  });
});

describe('an address of any length', () => {
  it('has one owner, and is stored in full', async () => {
    const long = `${randomBytes(6000).toString('hex')}@example.com`;
    const ann = { github_id: 11, login: 'ann', type: 'User', avatar_url: null } as const;
    const write = async (rows: CommitRow[]) => {
      const stored = await resolveAuthors(
        test.orm,
        rows.map((row) => ({ ...row, repository_id: 1 })),
        time,
      );
      await transaction((tx) => addLiveCommits(tx, stored));
    };
    await write([commit('a', { author_email: long }), commit('b', { author_email: 'short@example.com' })]);
    await write([commit('c', { author_email: long.toUpperCase() })]);
    expect(await test.rows('select count(*)::int as n from contributors')).toEqual([{ n: 2 }]);
    // Its account becomes known.
    await write([commit('d', { author_email: long, author: ann })]);
    expect(
      await test.rows(`select e.email, k.github_id, (select count(*)::int from commits where author_id = k.id) as n
        from contributor_emails e join contributors k on k.id = e.contributor_id where e.email like '%@example.com'
        order by length(e.email)`),
    ).toEqual([
      { email: 'short@example.com', github_id: null, n: 1 },
      { email: long, github_id: 11, n: 3 },
    ]);
  });
});

describe('a date outside the range of a column', () => {
  it('is written as the bound, and can be read back', async () => {
    const dates = [
      '+010000-01-01T00:00:00Z',
      '292278994-08-17T07:12:55Z',
      '0000-01-01T00:00:00Z',
      'soon',
      time,
    ];
    await transaction((tx) =>
      addLiveCommits(
        tx,
        dates.map((date, at) => {
          const { author: _author, ...row } = commit(String(at), { committed_at: date });
          return { ...row, repository_id: 1, author_id: null };
        }),
      ),
    );
    const rows = await test.rows<{ at: string | null }>(
      'select committed_at as at from commits order by sha',
    );
    expect(rows.map(({ at }) => at)).toEqual([
      '9999-12-31T23:59:59.999Z',
      '9999-12-31T23:59:59.999Z',
      '0001-01-01T00:00:00.000Z',
      null,
      time,
    ]);
    const odd = await test.rows(`select 'infinity'::timestamptz as a, '20000-01-01'::timestamptz as b`);
    expect(odd).toEqual([{ a: '9999-12-31T23:59:59.999Z', b: '9999-12-31T23:59:59.999Z' }]);
  });
});

describe('a pull request of more lines than an integer can count', () => {
  it('is stored, with the largest size there is', async () => {
    const [largest, id] = [2_147_483_647, 8_800_000];
    await test.rows(`insert into pull_requests (id, repository_id, number, title, state, head_ref, head_sha, base_ref,
        created_at, updated_at, additions, deletions)
      values (${id}, 1, 88000, 't', 'open', 'h', 's', 'main', now(), now(), ${largest}, ${largest})`);
    expect(await test.rows(`select size from pull_request_metrics where pull_request_id = ${id}`)).toEqual([
      { size: largest },
    ]);
  });
});

describe('more than a thousand rounds', () => {
  it('are counted without an error', async () => {
    await test.rows(`update repository_sync set wanted_rounds = 1030, wanted_at = '2026-01-01T00:00:00Z'`);
    expect(await countRound(test.db, 1, '2026-01-01T00:00:00Z', 1000)).toBe(1031);
  });
});

async function deliver(event: string, payload: object): Promise<void> {
  await test.rows(`insert into webhook_deliveries (guid, event, repository_id, payload)
    values ('${randomUUID()}', '${event}', 1, '${JSON.stringify(payload)}')`);
}

describe('pending payloads', () => {
  it('are read in slices limited by bytes, a push without its commits', async () => {
    const filler = randomBytes(350_000).toString('hex');
    for (let at = 0; at < 8; at += 1) {
      await deliver('push', {
        ref: `refs/heads/${at}`,
        commits: [{ message: filler }],
        head_commit: { filler },
      });
      await deliver('issues', { issue: { id: at }, filler });
    }
    // What shrinks to nothing where it is stored is no smaller here.
    for (let at = 8; at < 12; at += 1)
      await deliver('issues', { issue: { id: at }, filler: ' '.repeat(5_000_000) });

    let read = 0;
    for (
      let page = await pendingDeliveries(test.db, 1);
      page.length > 0;
      page = await pendingDeliveries(test.db, 1)
    ) {
      const bytes = page.map(({ payload }) => JSON.stringify(payload).length);
      const beforeLast = bytes.slice(0, -1).reduce((sum, size) => sum + size, 0);
      expect(beforeLast).toBeLessThan(4_000_000);
      for (const { event, payload } of page) {
        if (event === 'push') expect(Object.keys(payload)).toEqual(['ref']);
      }
      const guids = page.map(({ guid }) => guid);
      expect(await countDue(test.db, guids)).toBe(guids.length);
      await finishDeliveries(test.db, guids, 'processed');
      read += page.length;
    }
    expect(read).toBe(20);
  });
});
