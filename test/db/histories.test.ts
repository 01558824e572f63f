import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { recountContributors } from '../../src/db/repository-contributors/recount-contributors.ts';
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
import { inTransaction, type Sql } from '../../src/db/orm.ts';
import { commit, graph, reachable, type Graph } from '../support/random-histories.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
  await test.rows(`insert into contributors (github_id, type) values (1, 'User'), (2, 'User'), (3, 'User')`);
});
afterAll(() => test.close());

function transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
  return inTransaction(test.orm, work);
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
  it('names exactly the commits that a head’s history lacks', async () => {
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
        await transaction((tx) =>
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
        await transaction((tx) =>
          stageCommits(
            tx,
            parents.map((_one, at) => commit(parents, at)),
          ),
        );
        for (const [at, head] of heads.entries()) {
          const sha = head === null ? null : 'c' + head;
          // Found while reading, as the changes of most force pushes are, or where they are written.
          const change = at % 2 === 0 ? await transaction((tx) => historyChange(tx, 1, sha)) : null;
          await transaction(async (tx) =>
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

describe('changeBetween', () => {
  it('finds the same commits from the two heads as a walk of the whole history, whatever the dates', async () => {
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
        await transaction((tx) => stageCommits(tx, rows));
        await transaction((tx) => rewriteHistory(tx, 1, `c${from}`, null, false));
        const whole = await transaction((tx) => historyChange(tx, 1, `c${to}`));
        const dropped = whole?.orphaned.length ?? 0;
        const heads = { from: `c${from}`, to: `c${to}` };
        const found = await transaction((tx) => changeBetween(tx, 1, { ...heads, dropped }));
        expect(found && sorted(found)).toEqual(whole && sorted(whole));
        agreed += dropped > 0 ? 1 : 0;
        // What GitHub counts otherwise is not believed.
        expect(
          await transaction((tx) => changeBetween(tx, 1, { ...heads, dropped: dropped - 1 })),
        ).toBeNull();
      }),
      { numRuns: 60 },
    );
    expect(agreed).toBeGreaterThan(10);
  });

  it('finds nothing if a commit in between is not stored', async () => {
    await empty();
    const line: Graph = [[], [0], [1], [1]];
    await transaction((tx) =>
      stageCommits(
        tx,
        [0, 1, 2, 3].map((at) => commit(line, at)),
      ),
    );
    await transaction((tx) => rewriteHistory(tx, 1, 'c2', null, false));
    const heads = { from: 'c2', to: 'c3', dropped: 1 };
    expect(await transaction((tx) => changeBetween(tx, 1, heads))).toEqual({
      orphaned: ['c2'],
      revived: ['c3'],
    });
    await test.rows(`delete from commits where sha = 'c1'`);
    expect(await transaction((tx) => changeBetween(tx, 1, heads))).toBeNull();
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
  it('counts some authors in the same way as all', async () => {
    await empty();
    const commits = Array.from({ length: 12 }, (_one, at) => commit([], at));
    await transaction(async (tx) => {
      await addLiveCommits(tx, commits);
      await recountContributors(tx, 1, [1]);
      await recountContributors(tx, 1, [2, 3]);
    });
    await expectCounts(commits);
    await test.rows(`update commits set orphaned_at = now() where author_id = 2`);
    await transaction((tx) => recountContributors(tx, 1, [2]));
    await expectCounts(commits.filter(({ author_id }) => author_id !== 2));
  });
});

describe('writing commits', () => {
  it('changes and counts nothing when repeated', async () => {
    await empty();
    const commits = Array.from({ length: 5 }, (_one, at) => commit([], at));
    expect(await transaction((tx) => stageCommits(tx, commits))).toBe(5);
    expect(await transaction((tx) => stageCommits(tx, commits))).toBe(0);
    expect(await live()).toEqual([]);
    expect(await transaction((tx) => addLiveCommits(tx, commits))).toBe(5);
    expect(await transaction((tx) => addLiveCommits(tx, commits))).toBe(0);
    expect(await transaction((tx) => stageCommits(tx, commits))).toBe(0);
    expect(await live()).toHaveLength(5);
  });
});
