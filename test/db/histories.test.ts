import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { recountContributors } from '../../src/db/contributors/recount-contributors.ts';
import { changeBetween } from '../../src/db/commits/change-between.ts';
import {
  historyChange,
  moveHead,
  rewriteHistory,
  type HistoryChange,
} from '../../src/db/commits/rewrite-history.ts';
import {
  addLiveCommits,
  missingAncestors,
  stageCommits,
  type StoredCommit,
} from '../../src/db/commits/write-commits.ts';
import type { Sql } from '../../src/db/orm.ts';
import { acquireLease, type RepositoryLease } from '../../src/db/repositories/repository-lease.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
  await test.rows(`insert into contributors (github_id, type) values (1, 'User'), (2, 'User'), (3, 'User')`);
});
afterAll(() => test.close());

type Graph = number[][];

/** A random history: each commit has some of the earlier ones as parents; several roots, merges, octopuses. */
const graph: fc.Arbitrary<Graph> = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 25 })
  .map((list) => list.map((parents, at) => (at === 0 ? [] : [...new Set(parents.map((one) => one % at))])));

function reachable(parents: Graph, head: number, known: (at: number) => boolean = () => true): Set<number> {
  const found = new Set<number>();
  const open = [head];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    if (known(at)) open.push(...(parents[at] ?? []));
  }
  return found;
}

function commit(parents: Graph, at: number): StoredCommit {
  const second = ((at * 7919) % 50) + 10;
  const time = `2026-01-01T00:00:${second}.000Z`;
  return {
    repository_id: 1,
    sha: `c${at}`,
    message: `commit ${at}`,
    author_name: 'A',
    author_email: 'a@example.com',
    author_id: at % 4 === 0 ? null : at % 4,
    committer_name: null,
    committer_email: null,
    authored_at: time,
    committed_at: time,
    parents: (parents[at] ?? []).map((parent) => `c${parent}`),
  };
}

function inTransaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
  return test.orm.em.fork().transactional((em) => work(em.getKysely<unknown>()));
}

async function empty(): Promise<void> {
  await test.rows('truncate commits, repository_contributors, repository_totals');
  await test.rows('update repositories set head_sha = null');
}

const shas = (numbers: Iterable<number>) => [...numbers].map((at) => `c${at}`).sort();

async function live(): Promise<string[]> {
  const found = await test.rows<{ sha: string }>(
    'select sha from commits where orphaned_at is null order by sha',
  );
  return found.map(({ sha }) => sha).sort();
}

describe('missingAncestors', () => {
  it('names exactly what a head’s history lacks', async () => {
    const cases = graph.chain((parents) =>
      fc.record({
        parents: fc.constant(parents),
        head: fc.nat({ max: parents.length - 1 }),
        stored: fc.subarray(parents.map((_one, at) => at)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ parents, head, stored }) => {
        await empty();
        await inTransaction((tx) =>
          stageCommits(
            tx,
            stored.map((at) => commit(parents, at)),
          ),
        );
        const found = await missingAncestors(test.db, 1, 'c' + head, false);
        const isStored = (at: number) => stored.includes(at);
        const expected = [...reachable(parents, head, isStored)].filter((at) => !isStored(at));
        expect(found.toSorted()).toEqual(shas(expected));
      }),
      { numRuns: 40 },
    );
  });
});

describe('rewriteHistory', () => {
  it('makes exactly the history of each head live, one after another, and counts its authors', async () => {
    const cases = graph.chain((parents) =>
      fc.record({
        parents: fc.constant(parents),
        heads: fc.array(fc.option(fc.nat({ max: parents.length - 1 }), { freq: 8 }), {
          minLength: 1,
          maxLength: 4,
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ parents, heads }) => {
        await empty();
        await inTransaction((tx) =>
          stageCommits(
            tx,
            parents.map((_one, at) => commit(parents, at)),
          ),
        );
        for (const [at, head] of heads.entries()) {
          const sha = head === null ? null : 'c' + head;
          // Found while reading, as the changes of most force pushes are, or where they are written.
          const change = at % 2 === 0 ? await inTransaction((tx) => historyChange(tx, 1, sha)) : null;
          await inTransaction(async (tx) =>
            moveHead(tx, 1, sha, await rewriteHistory(tx, 1, sha, change, false), false),
          );
          const expected = head === null ? [] : [...reachable(parents, head)];
          expect(await live()).toEqual(shas(expected));
          const counted = await test.rows('select coalesce(sum(commits), 0) as n from repository_totals');
          expect(counted).toEqual([{ n: String(expected.length) }]);
          await expectCounts(expected.map((at) => commit(parents, at)));
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Commits 0 and 1 become live in a transaction, whose long part is over when `meanwhile` is called. */
async function rewriteWhile(meanwhile: (lease: RepositoryLease) => Promise<unknown>): Promise<void> {
  await empty();
  await inTransaction((tx) => stageCommits(tx, [commit([[], [0]], 0), commit([[], [0]], 1)]));
  const lease = await acquireLease(test.orm, 1, 'test');
  if (lease === null) throw new Error('leased by another test');
  try {
    await lease.writeAfter(
      async (tx) => {
        const rewrite = await rewriteHistory(tx, 1, 'c1', null, false);
        await meanwhile(lease);
        return rewrite;
      },
      (tx, rewrite) => moveHead(tx, 1, 'c1', rewrite, false),
    );
  } finally {
    await lease.release();
  }
}

describe('a history that takes long to rewrite', () => {
  it('keeps off neither the queue nor other writes of the round until the head moves', async () => {
    const issue = `insert into issues (id, repository_id, number, title, state, created_at, updated_at)
      values (7, 1, 7, 't', 'open', now(), now())`;
    const live = `select (select count(*) from commits where orphaned_at is null) as rows, commits as counted, issues,
      head_sha from repository_totals join repositories on id = repository_id where id = 1`;
    await rewriteWhile(async (lease) => {
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

  it('keeps off whoever joins two people, whose commits it may have changed', async () => {
    await empty();
    await rewriteWhile(async () => {
      await expect(
        test.rows('select 1 from repository_sync where repository_id = 1 for update nowait'),
      ).rejects.toThrow(/could not obtain lock/);
    });
  });

  it('comes to nothing where another process took the repository over meanwhile', async () => {
    const lost = rewriteWhile(() =>
      test.rows(`update repository_sync set lease_token = gen_random_uuid() where repository_id = 1`),
    );
    await expect(lost).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await live()).toEqual([]);
    await test.rows('update repository_sync set lease_token = null, lease_owner = null, lease_until = null');
  });
});

describe('changeBetween', () => {
  it('finds from the two heads what a walk over the whole history finds, whatever the dates', async () => {
    const cases = graph.chain((parents) =>
      fc.record({
        parents: fc.constant(parents),
        from: fc.nat({ max: parents.length - 1 }),
        to: fc.nat({ max: parents.length - 1 }),
        undated: fc.subarray(parents.map((_one, at) => at)),
      }),
    );
    let agreed = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ parents, from, to, undated }) => {
        await empty();
        const rows = parents.map((_one, at) => commit(parents, at));
        for (const at of undated) rows.splice(at, 1, { ...commit(parents, at), committed_at: null });
        await inTransaction((tx) => stageCommits(tx, rows));
        await inTransaction((tx) => rewriteHistory(tx, 1, `c${from}`, null, false));
        const whole = await inTransaction((tx) => historyChange(tx, 1, `c${to}`));
        const dropped = whole?.orphaned.length ?? 0;
        const heads = { from: `c${from}`, to: `c${to}` };
        const found = await inTransaction((tx) => changeBetween(tx, 1, { ...heads, dropped }));
        expect(found && sorted(found)).toEqual(whole && sorted(whole));
        agreed += dropped > 0 ? 1 : 0;
        // What GitHub counts otherwise is not believed.
        expect(
          await inTransaction((tx) => changeBetween(tx, 1, { ...heads, dropped: dropped - 1 })),
        ).toBeNull();
      }),
      { numRuns: 60 },
    );
    expect(agreed).toBeGreaterThan(10);
  });

  it('finds nothing where a commit on the way is not in the table', async () => {
    await empty();
    const line: Graph = [[], [0], [1], [1]];
    await inTransaction((tx) =>
      stageCommits(
        tx,
        [0, 1, 2, 3].map((at) => commit(line, at)),
      ),
    );
    await inTransaction((tx) => rewriteHistory(tx, 1, 'c2', null, false));
    const heads = { from: 'c2', to: 'c3', dropped: 1 };
    expect(await inTransaction((tx) => changeBetween(tx, 1, heads))).toEqual({
      orphaned: ['c2'],
      revived: ['c3'],
    });
    await test.rows(`delete from commits where sha = 'c1'`);
    expect(await inTransaction((tx) => changeBetween(tx, 1, heads))).toBeNull();
  });
});

function sorted({ orphaned, revived }: HistoryChange): HistoryChange {
  return { orphaned: orphaned.toSorted(), revived: revived.toSorted() };
}

async function expectCounts(commits: readonly StoredCommit[]): Promise<void> {
  const plain = new Map<number, string[]>();
  for (const { author_id, committed_at } of commits) {
    if (author_id !== null) plain.set(author_id, [...(plain.get(author_id) ?? []), committed_at ?? '']);
  }
  const expected = [...plain]
    .map(([id, times]) => ({
      id,
      n: times.length,
      first: times.toSorted()[0],
      last: times.toSorted().at(-1),
    }))
    .sort((a, b) => a.id - b.id);
  expect(
    await test.rows(`select contributor_id as id, commits_count as n, first_commit_at as first, last_commit_at as last
      from repository_contributors order by 1`),
  ).toEqual(expected);
}

describe('recountContributors', () => {
  it('of some authors only is as true as of all', async () => {
    await empty();
    const commits = Array.from({ length: 12 }, (_one, at) => commit([], at));
    await inTransaction(async (tx) => {
      await addLiveCommits(tx, commits);
      await recountContributors(tx, 1, [1]);
      await recountContributors(tx, 1, [2, 3]);
    });
    await expectCounts(commits);
    await test.rows(`update commits set orphaned_at = now() where author_id = 2`);
    await inTransaction((tx) => recountContributors(tx, 1, [2]));
    await expectCounts(commits.filter(({ author_id }) => author_id !== 2));
  });
});

describe('writing commits', () => {
  it('again changes nothing, and counts nothing', async () => {
    await empty();
    const commits = Array.from({ length: 5 }, (_one, at) => commit([], at));
    expect(await inTransaction((tx) => stageCommits(tx, commits))).toBe(5);
    expect(await inTransaction((tx) => stageCommits(tx, commits))).toBe(0);
    expect(await live()).toEqual([]);
    expect(await inTransaction((tx) => addLiveCommits(tx, commits))).toBe(5);
    expect(await inTransaction((tx) => addLiveCommits(tx, commits))).toBe(0);
    expect(await inTransaction((tx) => stageCommits(tx, commits))).toBe(0);
    expect(await live()).toHaveLength(5);
  });
});
