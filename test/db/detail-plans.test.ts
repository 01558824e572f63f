import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '../../src/db/orm.ts';
import { emptyReferences } from '../../src/db/rows/entity-rows.ts';
import { detailTargets, type DetailSet } from '../../src/db/rows/find-details.ts';
import { milestones } from '../../src/entities/milestones.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const PULL_REQUESTS = 20_000;
const LIMIT = 100;

let test: TestRows;
let plans: Plans;

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  // As many newer ones of another repository, and nothing analyzed.
  await test.rows(`insert into pull_requests (id, repository_id, number, title, state, head_ref, head_sha, base_ref, created_at,
      updated_at, detail_of, node_id)
    select r * 1000000 + n, r, n, 't', 'closed', 'h', 's', 'main', at, at, at, 'P' || n
    from generate_series(1, 2) r, generate_series(1, ${PULL_REQUESTS}) n, (select now() - interval '9 days' as at) long_ago`);
});
afterAll(() => test.close());

async function numbersOf(of: DetailSet['of'], below: number | null = null, at?: string): Promise<number[]> {
  plans.matching(/./);
  const set: DetailSet = of === 'all' ? { of } : { of, at: at ?? new Date().toISOString() };
  const targets = await detailTargets(test.orm, 1, set, { below, except: [], limit: LIMIT });
  return targets.map(({ number }) => number);
}

describe.each(['missing', 'fresh'])('the list of details to be read, with %s statistics', (statistics) => {
  beforeAll(async () => {
    await test.rows('update pull_requests set detail_of = updated_at');
    if (statistics === 'fresh') await test.rows('analyze pull_requests');
  });

  it('is found without reading those that are up to date', async () => {
    await test.rows('update pull_requests set detail_of = null where id in (1000077, 1000078)');
    await test.rows('update pull_requests set updated_at = now() where id = 1000079');
    expect(await numbersOf('old')).toEqual([78, 77]);
    expect(plans.most().rows).toBeLessThanOrEqual(3);
    expect(await numbersOf('recent')).toEqual([79]);
    expect(plans.most().rows).toBeLessThanOrEqual(3);
  });

  it('lacks none that turned old between the two sets', async () => {
    await test.rows('update pull_requests set detail_of = null where id in (1000077, 1000078)');
    await test.rows(`update pull_requests set updated_at = '2026-01-01T12:00:00Z' where id = 1000078`);
    await test.rows(`update pull_requests set updated_at = '2026-01-01T12:00:01Z' where id = 1000077`);
    const at = '2026-01-01T12:01:01Z';
    expect([await numbersOf('old', 1_000_079, at), await numbersOf('recent', 1_000_079, at)]).toEqual([
      [78],
      [77],
    ]);
  });

  it('is found page by page if all of them are stale', async () => {
    await test.rows('update pull_requests set detail_of = null, updated_at = created_at');
    expect((await numbersOf('old')).at(0)).toBe(PULL_REQUESTS);
    expect(plans.most().rows).toBeLessThanOrEqual(LIMIT);
    expect((await numbersOf('old', 1_010_000)).at(0)).toBe(9999);
    expect(plans.most().rows).toBeLessThanOrEqual(LIMIT);
  });

  it('reads the pull requests page by page in a full comparison', async () => {
    const pages = [await numbersOf('all'), await numbersOf('all', 1_010_000)];
    expect(plans.most().rows).toBeLessThanOrEqual(LIMIT);
    expect(pages.map((numbers) => [numbers.length, numbers[0]])).toEqual([
      [LIMIT, PULL_REQUESTS],
      [LIMIT, 9999],
    ]);
  });
});

it('starts a full comparison again if its place was lost with its row', async () => {
  expect((await numbersOf('all', 7)).at(0)).toBe(PULL_REQUESTS);
});

it.each(['missing', 'fresh'])(
  'looks a deleted milestone up by index, with %s statistics',
  async (statistics) => {
    await test.rows('truncate issues');
    await test.rows(`insert into issues (id, repository_id, number, title, state, created_at, updated_at, milestone_id)
    select n, 1, n, 't', 'open', now(), now(), case when n % 50 = 0 then n % 20 end from generate_series(1, ${PULL_REQUESTS}) n`);
    await test.rows(
      'update issues set milestone_id = 7 where id = 777; update pull_requests set milestone_id = 7 where id = 1000777',
    );
    if (statistics === 'fresh') await test.rows('analyze');
    plans.matching(/./);
    await inTransaction(test.orm, (tx) => emptyReferences(tx, milestones, 1, [7]));
    expect(plans.most().rows).toBeLessThanOrEqual(2);
    expect(await test.rows('select 1 from issues where milestone_id = 7')).toEqual([]);
  },
);
