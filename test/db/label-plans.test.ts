import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqlOf } from '../../src/db/orm.ts';
import { labelled } from '../../src/db/rows/issue-numbers.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const ISSUES = 20_000;
const LIMIT = 21;
const odd = String.raw`"odd\", {1}`;

let test: TestRows;
let plans: Plans;

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  // As many of another repository with the same labels, and nothing analyzed.
  await test.rows(
    `insert into issues (id, repository_id, number, title, state, created_at, updated_at, labels)
      select r * 1000000 + n, r, n, 't', 'open', now(), now(), case
        when n % 2000 = 0 then array['common', 'seldom'] when n % 3 = 0 then array['common'] else '{}' end
      from generate_series(1, 2) r, generate_series(1, ${ISSUES}) n`,
  );
  await test.rows(`update issues set labels = array['${odd}'] where id = 1000001`);
  await test.rows(`update issues set deleted_at = now(), deleted_reason = 'deleted' where id = 1002000`);
});
afterAll(() => test.close());

async function numbersOf(...labels: string[]): Promise<number[]> {
  plans.matching(/./);
  const found = await labelled(sqlOf(test.orm), 1, 'issues', labels, LIMIT);
  return found.map(({ number }) => number).toSorted((a, b) => a - b);
}

describe.each(['missing', 'fresh'])('issues by label, with %s statistics', (statistics) => {
  beforeAll(async () => {
    if (statistics === 'fresh') await test.rows('analyze issues');
  });

  it('are found without reading those that do not have it', async () => {
    const tens = [4000, 6000, 8000, 10_000, 12_000, 14_000, 16_000, 18_000, 20_000];
    expect(await numbersOf('seldom')).toEqual(tens);
    expect(plans.most().rows).toBeLessThanOrEqual(10);
    expect(await numbersOf(odd, 'seldom')).toEqual([1, ...tens]);
    expect(plans.most().rows).toBeLessThanOrEqual(11);
    expect(await numbersOf('none')).toEqual([]);
    expect(plans.most().rows).toBe(0);
  });

  it('are read no further than to the limit', async () => {
    expect(await numbersOf('common')).toHaveLength(LIMIT);
    // 20,000 rows are on 300 pages.
    expect(plans.pages(/bearers/)).toBeLessThanOrEqual(60);
  });
});
