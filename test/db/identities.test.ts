import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addLiveCommits } from '../../src/db/commits/write-commits.ts';
import { recountContributors } from '../../src/db/repository-contributors/recount-contributors.ts';
import { learnIdentities } from '../../src/db/contributors/identities.ts';
import { inTransaction } from '../../src/db/orm.ts';
import type { Account, CommitRow } from '../../src/model.ts';
import { resolveAuthors } from '../../src/sync/contributors/resolve-authors.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
});
afterAll(() => test.close());

const ann: Account = { github_id: 11, login: 'ann', type: 'User', avatar_url: null };

function commit(sha: string, email: string | null, author: Account | null): CommitRow {
  return {
    sha,
    message: '',
    author_name: 'N',
    author_email: email,
    committer_name: null,
    committer_email: null,
    authored_at: null,
    committed_at: '2026-01-01T00:00:00.000Z',
    parents: [],
    author,
  };
}

/** Everything that is ever seen of one person, and of another who has nothing to do with her. */
const seen: CommitRow[] = [
  commit('a', 'ann@example.com', ann),
  commit('b', 'Ann@Work.example', ann),
  commit('c', 'ann@work.example', null),
  commit('d', '11+ann@users.noreply.github.com', null),
  commit('e', '11+old-ann@users.noreply.github.com', null),
  commit('f', 'ann@example.com', null),
  commit('g', 'other@example.com', null),
  commit('h', ' other@example.com', null),
  commit('i', null, null),
];

function inRepository(rows: readonly CommitRow[]) {
  return rows.map((row) => ({ ...row, repository_id: 1 }));
}

async function write(rows: readonly CommitRow[], asOf: string): Promise<void> {
  const stored = await resolveAuthors(test.orm, inRepository(rows), asOf);
  await inTransaction(test.orm, async (tx) => {
    await addLiveCommits(tx, stored);
    await recountContributors(tx, 1, null);
  });
}

async function empty(): Promise<void> {
  await test.rows('truncate commits, repository_contributors, contributor_emails');
  await test.rows('delete from contributors');
}

describe('identities', () => {
  it('make one contributor of a person, whatever is learned in whatever order', async () => {
    const pieces = fc
      .shuffledSubarray(seen, { minLength: seen.length })
      .chain((rows) =>
        fc.tuple(fc.constant(rows), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 9, maxLength: 9 })),
      );
    await fc.assert(
      fc.asyncProperty(pieces, async ([rows, sizes]) => {
        await empty();
        const rest = [...rows];
        let day = 0;
        for (const size of sizes) {
          day += 1;
          await write(rest.splice(0, size), `2026-01-0${day}T00:00:00.000Z`);
        }
        // As another look at the same commits would.
        await write(rows, '2026-02-01T00:00:00.000Z');
        const shares =
          await test.rows(`select k.github_id, k.type, commits_count as n from repository_contributors c
          join contributors k on k.id = c.contributor_id order by k.github_id nulls last`);
        expect(shares).toEqual([
          { github_id: 11, type: 'User', n: 6 },
          { github_id: null, type: 'Anonymous', n: 2 },
        ]);
        expect(await test.rows('select count(*)::int as n from contributors')).toEqual([{ n: 2 }]);
        expect(await test.rows('select sha from commits where author_id is null')).toEqual([{ sha: 'i' }]);
      }),
      { numRuns: 25 },
    );
  });

  it('are created once by several concurrent processes', async () => {
    await empty();
    await Promise.all(
      Array.from({ length: 5 }, () =>
        resolveAuthors(test.orm, inRepository(seen), '2026-01-01T00:00:00.000Z'),
      ),
    );
    expect(await test.rows('select count(*)::int as n from contributors')).toEqual([{ n: 2 }]);
  });

  it('are not renamed by an older answer', async () => {
    await empty();
    const learn = (login: string, asOf: string) =>
      learnIdentities(test.orm, { accounts: [{ ...ann, login }], asOf, emails: [], anonymous: [] });
    await learn('new', '2026-02-01T00:00:00.000Z');
    await learn('old', '2026-01-01T00:00:00.000Z');
    expect(await test.rows('select login from contributors')).toEqual([{ login: 'new' }]);
  });

  it('are recounted in every repository when merged in one', async () => {
    await empty();
    await write([commit('a', 'x@example.com', null)], '2026-01-01T00:00:00.000Z');
    await test.rows(`insert into commits (repository_id, sha, message, parents, author_id, committed_at)
      select 2, 'z', '', '{}', id, now() from contributors`);
    await test.rows(`insert into repository_contributors select 2, id, 1, now(), now() from contributors`);
    await write([commit('b', 'x@example.com', ann)], '2026-01-02T00:00:00.000Z');
    expect(
      await test.rows(`select repository_id as r, k.github_id, commits_count as n from repository_contributors c
        join contributors k on k.id = c.contributor_id order by 1`),
    ).toEqual([
      { r: 1, github_id: 11, n: 2 },
      { r: 2, github_id: 11, n: 1 },
    ]);
  });
});
